import fc from 'fast-check';
import { fromHex } from '@kkm/wire';
import { amountOf, amountText, decodeFields, encodeFields, identifierOf, message, textOf } from './fields';

const field = fc.record({ number: fc.integer({ min: 0, max: 255 }), value: fc.uint8Array({ maxLength: 300 }) });

describe('fields', () => {
  it('come back in the same order', () => {
    fc.assert(fc.property(fc.array(field, { maxLength: 20 }), (fields) => expect(decodeFields(encodeFields(fields))).toEqual(fields)));
  });

  it('are refused as a whole when they end in the middle of one', () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), fc.nat(), (fields, cut) => {
        const data = encodeFields(fields);
        const at = cut % data.length;
        const borders = fields.map((_, index) => encodeFields(fields.slice(0, index)).length);
        fc.pre(!borders.includes(at));
        expect(decodeFields(data.subarray(0, at))).toBeNull();
      }),
    );
  });

  it('never throw on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (data) => decodeFields(data) === null || true));
  });

  it('are "not told" when empty', () => {
    const fields = message([
      [27, ''],
      [26, '-1'],
      [14, '000000000000'],
      [13, ' 247629 '],
    ]);
    expect([textOf(fields, 27), textOf(fields, 99), identifierOf(fields, 26), identifierOf(fields, 14), identifierOf(fields, 13)]).toEqual([
      null,
      null,
      null,
      null,
      '247629',
    ]);
  });
});

describe('amounts', () => {
  it.each([
    ['100', 100],
    ['00000100', 100],
    ['000000000100', 100],
    ['0', 0],
  ])('are read from "%s"', (text, minor) => {
    expect(amountOf(message([[0, text]]))).toBe(minor);
  });

  it.each(['', '-1', '1.00', '1e3', '0000000000001', 'abc', '１'])('are not guessed from "%s"', (text) => {
    expect(amountOf(message([[0, text]]))).toBeNull();
  });

  it('are written with eight digits', () => {
    expect(amountText(1_000)).toBe('00001000');
    expect(amountText(99_999_999)).toBe('99999999');
  });

  it('are compared with bytes of a capture', () => {
    expect(amountOf(decodeFields(fromHex('0003003130300403003634'.slice(0, 12)))!)).toBe(100);
  });
});
