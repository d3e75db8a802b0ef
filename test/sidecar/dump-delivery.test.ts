import { Size } from 'cdk8s';
import { DumpDelivery } from '../../src';

test('spooled, with a size of the spool or without', () => {
  expect(DumpDelivery.spooled()).toMatchObject({ _direct: false, _sizeLimit: undefined });
  expect(DumpDelivery.spooled({ sizeLimit: Size.gibibytes(3) })).toMatchObject({ _direct: false, _sizeLimit: 3072 });
});

test('direct', () => expect(DumpDelivery.direct()).toMatchObject({ _direct: true }));

describe('the size of the spool', () => {
  test.each([[Size.mebibytes(1), 1], [Size.kibibytes(2048), 2], [Size.gibibytes(2 ** 21 - 1), 2 ** 31 - 1024]])('may be %j', (sizeLimit, mebibytes) => {
    expect(DumpDelivery.spooled({ sizeLimit })._sizeLimit).toBe(mebibytes);
  });

  test.each([
    [Size.mebibytes(0), '(0Mi) must be a size of whole mebibytes, from 1Mi'],
    [Size.kibibytes(1023), '(1023Ki) must be a size of whole mebibytes, from 1Mi'],
    [Size.kibibytes(1025), '(1025Ki) must be a size of whole mebibytes, from 1Mi'],
    [0, '(0) must be a Size of cdk8s, for example Size.mebibytes(500)'],
    [512, '(512) must be a Size of cdk8s, for example Size.mebibytes(500)'],
    ['2Gi', '(2Gi) must be a Size of cdk8s, for example Size.mebibytes(500)'],
  ])('may not be %j', (sizeLimit, message) => {
    expect(() => DumpDelivery.spooled({ sizeLimit: sizeLimit as Size })).toThrow(new Error(`DumpDelivery.spooled: sizeLimit ${message}`));
  });

  test('is an option, not the argument', () => {
    expect(() => DumpDelivery.spooled('2Gi' as never)).toThrow(new Error('DumpDelivery.spooled: options (2Gi) must be an object'));
  });
});
