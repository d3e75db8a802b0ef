import { parseQuantity, quantityOf } from '../../src/kubernetes/quantity';

describe('reads', () => {
  test.each([
    ['0', 0],
    ['42', 42],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['-1', -1],
    ['500m', 0.5],
    ['5000u', 0.005],
    ['1n', 1e-9],
    ['1k', 1000],
    ['2M', 2_000_000],
    ['3G', 3_000_000_000],
    ['4T', 4_000_000_000_000],
    ['5P', 5_000_000_000_000_000],
    ['6E', 6_000_000_000_000_000_000],
    ['1Ki', 1024],
    ['2Mi', 2_097_152],
    ['1.5Gi', 1_610_612_736],
    ['1Ti', 1_099_511_627_776],
    ['1Pi', 1_125_899_906_842_624],
    ['1Ei', 1_152_921_504_606_846_976],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12e+2', 1200],
    ['12e-1', 1.2],
  ])('%s as %d', (quantity, expected) => {
    expect(parseQuantity(quantity)).toBe(expected);
  });

  test('a number that YAML left without quotes', () => {
    expect(parseQuantity(2)).toBe(2);
  });

  test('text with blanks around it', () => {
    expect(parseQuantity(' 1Gi\n')).toBe(1_073_741_824);
  });
});

describe('takes for no quantity', () => {
  test.each([
    ['nothing given', undefined],
    ['empty text', ''],
    ['a dot', '.'],
    ['a suffix without a number', 'Mi'],
    ['an unresolved token', '${TfToken[TOKEN.1]}'],
    ['a capital K, which only Ki has', '1K'],
    ['a small ki', '1ki'],
    ['thousandths with a binary suffix', '1mi'],
    ['an exponent without digits', '1e'],
    ['an exponent and a suffix', '1e3Ki'],
    ['a blank before the suffix', '1 Gi'],
    ['two dots', '1.2.3'],
    ['a byte sign', '1GB'],
    ['hexadecimal', '0x10'],
    ['text before a quantity', 'about 1Gi'],
    ['not a number', NaN],
  ])('%s', (_, quantity) => {
    expect(parseQuantity(quantity)).toBeUndefined();
  });
});

test.each([
  [1, '1Mi'],
  [1023, '1023Mi'],
  [1024, '1Gi'],
  [1536, '1536Mi'],
  [2048, '2Gi'],
])('writes %d mebibytes as %s', (mebibytes, quantity) => {
  expect(quantityOf(mebibytes)).toBe(quantity);
});
