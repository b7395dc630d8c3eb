export { concatBytes, equalBytes, fromHex, toHex } from './bytes';
export { ByteReader } from './byte-reader';
export { ByteWriter } from './byte-writer';
export { crc16Buypass } from './crc16-buypass';
export { decodeWindows1251, encodeWindows1251 } from './windows-1251';
