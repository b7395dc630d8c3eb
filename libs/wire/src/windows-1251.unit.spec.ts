import fc from 'fast-check';
import { equalBytes, fromHex, toHex } from './bytes';
import { decodeWindows1251, encodeWindows1251 } from './windows-1251';

describe('windows-1251', () => {
  it('reads and writes the text of a captured approval', () => {
    expect(decodeWindows1251(fromHex('cec4cec1d0c5cdce'))).toBe('ОДОБРЕНО');
    expect(toHex(encodeWindows1251('ОДОБРЕНО'))).toBe('cec4cec1d0c5cdce');
    expect(toHex(encodeWindows1251('№ёЁ'))).toBe('b9b8a8');
  });

  it('gives every byte back', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equalBytes(encodeWindows1251(decodeWindows1251(bytes)), bytes)));
  });

  it('writes a question mark for what it lacks', () => {
    expect(toHex(encodeWindows1251('a€漢😀'))).toBe('61883f3f3f');
  });
});
