/** Polynomial 8005, initial 0000, not reflected, no final xor. */
const polynomial = 0x8005;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1;
  return crc & 0xffff;
});

/** CRC-16/BUYPASS of `bytes`; "123456789" gives FEE8 (catalogue of parametrised CRC algorithms). */
export function crc16Buypass(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (table[(crc >> 8) ^ byte] ?? 0)) & 0xffff;
  return crc;
}
