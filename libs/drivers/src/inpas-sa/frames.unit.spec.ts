import fc from 'fast-check';
import { concatBytes, equalBytes, fromHex, toHex } from '@kkm/wire';
import { Assembly } from './assembly';
import { decodeFields, encodeFields, message, textOf } from './fields';
import { control, decodePacket, encodeFrame, encodeMessage, encodePackets, frameDataMax, messageBytesMax, packetChunkMax } from './frames';
import { Scanner } from './scanner';
import { packetFields, packetVectors } from './testing/packet-vectors';
import { captureSource, dataVectors, frameVectors } from './testing/vectors';

/** Every message in a stream that is pushed in pieces of the given sizes; the last size repeats. */
function messagesOf(stream: Uint8Array, ...sizes: number[]): Uint8Array[] {
  const scanner = new Scanner();
  const assembly = new Assembly();
  const messages: Uint8Array[] = [];
  for (let at = 0, piece = 0; at < stream.length; piece += 1) {
    const size = Math.max(1, sizes[Math.min(piece, sizes.length - 1)] ?? stream.length);
    for (const token of scanner.push(stream.subarray(at, at + size))) {
      if (token.kind === 'frame') messages.push(token.data);
      const packet = token.kind === 'packet' ? decodePacket(token.body) : null;
      const step = packet && assembly.add(packet);
      if (step?.kind === 'message') messages.push(step.message);
    }
    at += size;
  }
  return messages;
}

const pairs = (data: Uint8Array) => decodeFields(data)?.map(({ number, value }) => [number, textOf([{ number, value }], number) ?? '']);

describe(`frames of ${captureSource}`, () => {
  it.each(frameVectors.map((vector) => [`${vector.name} (${vector.certainty}, ${vector.origin})`, vector] as const))(
    'decode and encode: %s',
    (_name, { hex, fields }) => {
      const [data] = messagesOf(fromHex(hex));
      expect(data && pairs(data)).toEqual(fields);
      expect(toHex(encodeFrame(encodeFields(message(fields))))).toBe(hex);
    },
  );

  it.each(dataVectors.map((vector) => [`${vector.name} (${vector.certainty}, ${vector.origin})`, vector] as const))(
    'decode and encode: %s',
    (_name, { hex, fields }) => {
      expect(pairs(fromHex(hex))).toEqual(fields);
      expect(toHex(encodeFields(message(fields)))).toBe(hex);
    },
  );

  it('come out the same, split at every position', () => {
    for (const { hex } of frameVectors) {
      const stream = fromHex(hex);
      const [whole] = messagesOf(stream);
      for (let at = 1; at < stream.length; at += 1) expect(messagesOf(stream, at, stream.length)).toEqual([whole]);
    }
  });

  it('come out the same when all are joined, with control bytes between them', () => {
    const streams = frameVectors.map(({ hex }) => fromHex(hex));
    const joined = concatBytes(streams.flatMap((stream) => [Uint8Array.of(control.ack, control.eot, control.etx, 0x41), stream]));
    const expected = streams.flatMap((stream) => messagesOf(stream));
    for (const size of [joined.length, 1, 7, 512]) expect(messagesOf(joined, size)).toEqual(expected);
  });
});

describe('packets of a captured approval with two slips', () => {
  const stream = concatBytes(packetVectors.map(fromHex));

  it('assemble into its fields', () => {
    const [data] = messagesOf(stream);
    expect(data?.length).toBe(1660);
    expect(data && pairs(data)?.filter(([number]) => number !== 90)).toEqual(packetFields);
    const receipt = data && textOf(decodeFields(data) ?? [], 90);
    expect(receipt?.length).toBe(1501);
    expect(receipt).toMatch(/^0xDF\^\^.*~0xDA\^\^.*~0xDE\^\^VISA Classic~$/s);
  });

  it('encode again byte for byte', () => {
    const [data] = messagesOf(stream);
    expect(data && encodeMessage(data).map(toHex)).toEqual(packetVectors);
  });

  it('come out the same, split at every position', () => {
    const [whole] = messagesOf(stream);
    for (let at = 1; at < stream.length; at += 1) {
      const [split, ...more] = messagesOf(stream, at, stream.length);
      if (!split || !whole || more.length > 0 || !equalBytes(split, whole)) throw new Error(`It breaks at ${at}.`);
    }
    expect(messagesOf(stream, 1)).toEqual([whole]);
  });
});

describe('frames', () => {
  it('hold any message that fits, and come back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: frameDataMax }), (data) => equalBytes(messagesOf(encodeFrame(data))[0] ?? new Uint8Array(1), data)));
  });

  it('hold no more than a terminal sends', () => {
    expect(encodeFrame(new Uint8Array(frameDataMax)).length).toBe(512);
    expect(() => encodeFrame(new Uint8Array(frameDataMax + 1))).toThrow(RangeError);
    expect(() => new Scanner().push(new Uint8Array(0))).not.toThrow();
  });

  it('are read with 512 bytes of data, which one public dump has', () => {
    const long = encodeLong(512);
    expect(new Scanner().push(long).map(({ kind }) => kind)).toEqual(['frame']);
  });

  it('hold messages up to the longest, in packets that no frame exceeds', () => {
    fc.assert(
      fc.property(fc.integer({ min: frameDataMax + 1, max: 20_000 }), fc.integer({ min: 1, max: 600 }), (length, size) => {
        const data = Uint8Array.from({ length }, (_, at) => at % 251);
        const frames = encodeMessage(data);
        expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThanOrEqual(512);
        const [back, ...more] = messagesOf(concatBytes(frames), size);
        expect(more).toEqual([]);
        expect(back && equalBytes(back, data)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(messagesOf(concatBytes(encodeMessage(new Uint8Array(messageBytesMax))))).toHaveLength(1);
    expect(messagesOf(concatBytes(encodeMessage(new Uint8Array(messageBytesMax + 1))))).toHaveLength(0);
  });

  it('are numbered 1, 2, 3 and 0', () => {
    const numbers = encodePackets(new Uint8Array(4 * packetChunkMax)).map((frame) => decodePacket(frame.subarray(3, -2))?.number);
    expect(numbers).toEqual([1, 2, 3, 0]);
  });
});

/** A frame beyond what {@link encodeFrame} makes: a zero message with the CRC that the scanner wants. */
function encodeLong(length: number): Uint8Array {
  const open = concatBytes([Uint8Array.of(control.stx, length & 0xff, length >> 8), new Uint8Array(length)]);
  for (let crc = 0; crc <= 0xffff; crc += 1) {
    const frame = concatBytes([open, Uint8Array.of(crc >> 8, crc & 0xff)]);
    if (crc === crcOf(open)) return frame;
  }
  throw new Error('no CRC');
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x8005) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
