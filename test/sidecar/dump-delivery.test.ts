import { Size } from 'cdk8s';
import { DumpDelivery } from '../../src';
import { messageOf } from '../pods';

test('spooled, with a size of the spool or without', () => {
  expect(DumpDelivery.spooled()).toMatchObject({ _direct: false, _sizeLimit: undefined });
  expect(DumpDelivery.spooled({ sizeLimit: Size.gibibytes(3) })).toMatchObject({ _direct: false, _sizeLimit: 3072 });
});

test('direct', () => expect(DumpDelivery.direct()).toMatchObject({ _direct: true }));

describe('the size of the spool', () => {
  test.each([
    [Size.mebibytes(1), 1],
    [Size.kibibytes(2048), 2],
    [Size.gibibytes(2 ** 21 - 1), 2 ** 31 - 1024],
  ])('may be %j', (sizeLimit, mebibytes) => {
    expect(DumpDelivery.spooled({ sizeLimit })._sizeLimit).toBe(mebibytes);
  });

  test.each([
    [Size.mebibytes(0), 'must be a size of whole mebibytes from 1Mi to 2147483647Mi, got Size.mebibytes(0)'],
    [Size.kibibytes(1023), 'must be a size of whole mebibytes from 1Mi to 2147483647Mi, got Size.kibibytes(1023)'],
    [Size.kibibytes(1025), 'must be a size of whole mebibytes from 1Mi to 2147483647Mi, got Size.kibibytes(1025)'],
    [0, 'must be a Size of cdk8s, for example Size.mebibytes(500), got 0'],
    [512, 'must be a Size of cdk8s, for example Size.mebibytes(500), got 512'],
    ['2Gi', 'must be a Size of cdk8s, for example Size.mebibytes(500), got "2Gi"'],
  ])('may not be %j', (sizeLimit, message) => {
    expect(messageOf(() => DumpDelivery.spooled({ sizeLimit: sizeLimit as Size }))).toBe(
      `DumpDelivery.spooled: sizeLimit ${message}`,
    );
  });

  test('is an option, not the argument', () => {
    expect(messageOf(() => DumpDelivery.spooled('2Gi' as never))).toBe(
      'DumpDelivery.spooled: options must be an object of props, got "2Gi"',
    );
  });
});
