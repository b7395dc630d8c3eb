import { crc16 as independentCrc } from 'easy-crc';
import fc from 'fast-check';
import { fromHex } from './bytes';
import { crc16Buypass } from './crc16-buypass';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('crc16Buypass', () => {
  it('gives the check value of the catalogue', () => {
    expect(crc16Buypass(ascii('123456789'))).toBe(0xfee8);
  });

  it('gives the CRC of a captured wait frame', () => {
    expect(crc16Buypass(fromHex('02 0500 1902003231'))).toBe(0xa5c2);
  });

  it('is 0 for no bytes', () => {
    expect(crc16Buypass(new Uint8Array(0))).toBe(0);
  });

  it('agrees with an independent package on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(crc16Buypass(bytes)).toBe(independentCrc('BUYPASS', Buffer.from(bytes)));
      }),
    );
  });
});
