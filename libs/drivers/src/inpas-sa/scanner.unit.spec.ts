import fc from 'fast-check';
import { concatBytes, fromHex } from '@kkm/wire';
import { Assembly } from './assembly';
import { encodeFrame, encodePackets, lengthFieldMax, messageBytesMax } from './frames';
import { decodeFields } from './fields';
import { decodePacket } from './frames';
import { Scanner } from './scanner';

const wait = fromHex('0205001902003231a5c2');
const kinds = (scanner: Scanner, bytes: Uint8Array): string[] => scanner.push(bytes).map(({ kind }) => kind);

describe('Scanner', () => {
  it('tells control bytes, frames and noise apart', () => {
    const stream = concatBytes([fromHex('06'), wait, fromHex('15 04 03 41 42'), wait]);
    expect(kinds(new Scanner(), stream)).toEqual(['ack', 'frame', 'nak', 'eot', 'noise', 'frame']);
  });

  it('tells a frame with a wrong CRC, and reads on behind it', () => {
    const damaged = wait.slice();
    damaged[5] = 0x33;
    expect(kinds(new Scanner(), concatBytes([damaged, wait]))).toEqual(['damaged', 'frame']);
  });

  it('gives up the start byte of an impossible length, and finds the frame behind it', () => {
    expect(kinds(new Scanner(), concatBytes([fromHex('02ffff'), wait]))).toEqual(['damaged', 'noise', 'frame']);
  });

  it('forgets a frame that stands still', () => {
    const scanner = new Scanner();
    scanner.push(wait.subarray(0, 6));
    expect(scanner.midFrame).toBe(true);
    scanner.reset();
    expect(scanner.midFrame).toBe(false);
    expect(kinds(scanner, wait)).toEqual(['frame']);
  });

  it('never throws, and never holds more than one frame, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 8 }), (pieces) => {
        const scanner = new Scanner();
        for (const piece of pieces) {
          for (const token of scanner.push(piece)) {
            if (token.kind === 'frame') decodeFields(token.data);
            if (token.kind === 'packet') decodePacket(token.body);
          }
          expect(held(scanner)).toBeLessThanOrEqual(lengthFieldMax + 5);
        }
      }),
    );
  });

  it('finds a good frame behind any noise, once the noise has stood still', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const scanner = new Scanner();
        scanner.push(noise);
        scanner.reset();
        expect(kinds(scanner, wait)).toEqual(['frame']);
      }),
    );
  });
});

/** Bytes a scanner keeps between pushes. */
function held(scanner: Scanner): number {
  return (scanner as unknown as { pending: Uint8Array }).pending.length;
}

describe('decodePacket', () => {
  it('answers null to what is no header of this protocol', () => {
    for (const hex of ['', '08', '0800', '0800010100', '0300010100', '0800010100310201004142', '080001010031020100413030'])
      expect(decodePacket(fromHex(hex))).toBeNull();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (body) => decodePacket(body) === null || true));
  });
});

describe('Assembly', () => {
  const packetsOf = (length: number) => encodePackets(new Uint8Array(length)).map((frame) => decodePacket(frame.subarray(3, -2))!);

  it('takes a repeated packet once', () => {
    const assembly = new Assembly();
    const [first, second, last] = packetsOf(1_200);
    const steps = [first!, first!, second!, last!, last!].map((packet) => assembly.add(packet).kind);
    expect(steps).toEqual(['more', 'repeated', 'more', 'message', 'repeated']);
  });

  it('drops the message when a packet is missing', () => {
    const assembly = new Assembly();
    const [first, , third] = packetsOf(1_600);
    expect([first!, third!].map((packet) => assembly.add(packet).kind)).toEqual(['more', 'broken']);
  });

  it('does not take the rest of a lost message for a message', () => {
    const assembly = new Assembly();
    const [first, , third, last] = packetsOf(1_900);
    expect([first!, third!, last!].map((packet) => assembly.add(packet).kind)).toEqual(['more', 'broken', 'broken']);
    assembly.add(first!);
    assembly.abandon();
    expect(assembly.add(last!).kind).toBe('broken');
    expect(assembly.add(packetsOf(5)[0]!).kind).toBe('message');
  });

  it('begins anew with packet 1', () => {
    const assembly = new Assembly();
    const [first, second] = packetsOf(1_600);
    assembly.add(first!);
    assembly.add(second!);
    const restarted = [...packetsOf(1_100)].map((packet) => assembly.add(packet));
    expect(restarted.map(({ kind }) => kind)).toEqual(['more', 'more', 'message']);
  });

  it('drops a message beyond the limit', () => {
    const assembly = new Assembly();
    const kindsSeen = packetsOf(messageBytesMax + 5_000).map((packet) => assembly.add(packet).kind);
    expect(kindsSeen).toContain('broken');
    expect(kindsSeen).not.toContain('message');
  });

  it('takes a message of one packet', () => {
    const [only] = packetsOf(10);
    expect(new Assembly().add(only!)).toEqual({ kind: 'message', message: new Uint8Array(10) });
    expect(encodeFrame(new Uint8Array(0)).length).toBe(5);
  });
});
