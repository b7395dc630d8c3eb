/*
 * INPAS UNIPOS SmartSale, protocol "SA" between a cash register (ECR) and a terminal: bytes ⇄ frames.
 * There is no public vendor document. Reconstructed from the MIT-licensed firmware Zzzzipper/projects, commit 038e09f
 * (firmware-usbhost/common/cardreader/inpas), and checked against its captures from PAX D200 terminals.
 */
import { ByteReader, ByteWriter, concatBytes, crc16Buypass } from '@kkm/wire';

/** Single bytes that open frames or answer them. */
export const control = { soh: 0x01, stx: 0x02, etx: 0x03, eot: 0x04, ack: 0x06, nak: 0x15 } as const;

/** The largest frame a terminal sends, all bytes counted. */
const frameBytesMax = 512;
/** Start byte, length and CRC. */
const frameOverhead = 5;
/** Data bytes that fit into one STX frame: 507. */
export const frameDataMax = frameBytesMax - frameOverhead;
/** Header of a packet of a long message: version and packet number, one digit each. */
const packetHeaderBytes = 8;
/** Message bytes that fit into one SOH packet: 497. */
export const packetChunkMax = frameDataMax - 2 - packetHeaderBytes;
/** The highest length a receiver believes. Terminals send up to 507, one public dump has 512; a larger number is a damaged frame. */
export const lengthFieldMax = 1024;
/** The longest message that is put together from packets. The longest captured one has 1660 bytes. */
export const messageBytesMax = 65_536;

/** Wraps data into one STX frame. Throws a RangeError when it does not fit. */
export function encodeFrame(data: Uint8Array): Uint8Array {
  if (data.length > frameDataMax) throw new RangeError(`${data.length} bytes do not fit into one frame.`);
  return sealed(new ByteWriter().u8(control.stx).u16le(data.length).bytes(data).finish());
}

/** Cuts a message into SOH packets numbered 1, 2, 3, …; the last one is numbered 0. Numbers above 9 were never captured; the header's own length field allows them. */
export function encodePackets(message: Uint8Array, chunkBytes: number = packetChunkMax): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(message.length / chunkBytes));
  return Array.from({ length: count }, (_, at) => {
    const number = at === count - 1 ? 0 : at + 1;
    return encodePacket(number, message.subarray(at * chunkBytes, (at + 1) * chunkBytes));
  });
}

/** Wraps a message as a terminal does: one STX frame when it fits, else SOH packets. */
export function encodeMessage(message: Uint8Array): readonly Uint8Array[] {
  if (message.length <= frameDataMax) return [encodeFrame(message)];
  // Every further digit of a packet number takes a byte of the frame.
  const digits = String(Math.ceil(message.length / packetChunkMax)).length;
  return encodePackets(message, packetChunkMax + 1 - digits);
}

function encodePacket(number: number, chunk: Uint8Array): Uint8Array {
  const digits = Uint8Array.from(String(number), (digit) => digit.charCodeAt(0));
  const header = new ByteWriter().u8(1).u16le(1).u8(0x31).u8(2).u16le(digits.length).bytes(digits).finish();
  return sealed(
    new ByteWriter()
      .u8(control.soh)
      .u16le(2 + header.length + chunk.length)
      .u16le(header.length)
      .bytes(header)
      .bytes(chunk)
      .finish(),
  );
}

/** Appends the CRC over everything from the start byte, high byte first. */
function sealed(open: Uint8Array): Uint8Array {
  return concatBytes([open, new ByteWriter().u16be(crc16Buypass(open)).finish()]);
}

/** A packet of a long message, as its body (what follows the length field) says. */
export interface Packet {
  /** 1, 2, 3, …; 0 is the last. */
  readonly number: number;
  readonly chunk: Uint8Array;
}

/** Reads the body of an SOH frame; null when its header is not one of this protocol. */
export function decodePacket(body: Uint8Array): Packet | null {
  const reader = new ByteReader(body);
  const headerLength = reader.u16le();
  const header = headerLength === null ? null : reader.take(headerLength);
  if (!header) return null;
  const number = packetNumber(new ByteReader(header));
  return number === null ? null : { number, chunk: reader.take(reader.remaining) ?? new Uint8Array(0) };
}

function packetNumber(header: ByteReader): number | null {
  let number: number | null = null;
  while (header.remaining > 0) {
    const tag = header.u8();
    const length = header.u16le();
    const value = length === null ? null : header.take(length);
    if (!value) return null;
    if (tag === 2) number = digitsToNumber(value);
  }
  return number;
}

function digitsToNumber(digits: Uint8Array): number | null {
  const text = String.fromCharCode(...digits.subarray(0, 4));
  return digits.length <= 3 && /^\d+$/.test(text) ? Number(text) : null;
}
