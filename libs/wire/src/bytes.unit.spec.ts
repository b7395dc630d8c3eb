import fc from 'fast-check';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { concatBytes, equalBytes, fromHex, toHex } from './bytes';

describe('hex', () => {
  it('comes back as the same bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equalBytes(fromHex(toHex(bytes)), bytes)));
  });

  it('may be written in either case, with blanks between bytes', () => {
    expect(fromHex('0A fF\n00')).toEqual(Uint8Array.of(10, 255, 0));
  });

  it.each(['0', '0g', '0x12'])('is refused when it is "%s"', (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });
});

describe('equalBytes', () => {
  it('tells apart what differs in a byte or in length', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });
});

describe('ByteReader and ByteWriter', () => {
  it('write and read numbers in both byte orders', () => {
    const bytes = new ByteWriter().u8(7).u16le(0x1234).u16be(0x1234).bytes(Uint8Array.of(9, 8)).finish();
    expect(toHex(bytes)).toBe('07341212340908');
    const reader = new ByteReader(bytes);
    expect([reader.u8(), reader.u16le(), reader.u16be(), reader.take(2), reader.remaining]).toEqual([7, 0x1234, 0x1234, Uint8Array.of(9, 8), 0]);
  });

  it('answer null and consume nothing when too few bytes are left', () => {
    const reader = new ByteReader(Uint8Array.of(1));
    expect([reader.u16le(), reader.u16be(), reader.take(2), reader.take(-1)]).toEqual([null, null, null, null]);
    expect(reader.u8()).toBe(1);
    expect(reader.u8()).toBeNull();
  });

  it.each([-1, 256, 1.5, Number.NaN])('refuse %d as a byte', (value) => {
    expect(() => new ByteWriter().u8(value)).toThrow(RangeError);
  });

  it.each([-1, 65_536])('refuse %d as two bytes', (value) => {
    expect(() => new ByteWriter().u16le(value)).toThrow(RangeError);
    expect(() => new ByteWriter().u16be(value)).toThrow(RangeError);
  });
});

describe('concatBytes', () => {
  it('joins pieces in order into a new array', () => {
    expect(concatBytes([Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)])).toEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes([])).toEqual(new Uint8Array(0));
  });
});
