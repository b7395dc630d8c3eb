import { decodeWindows1251, fromHex } from '@kkm/wire';
import { Assembly } from '../assembly';
import { decodeFields, textOf } from '../fields';
import { decodePacket } from '../frames';
import { packetVectors } from './packet-vectors';

/** Field 90 of the captured approval. */
export function capturedReceipt(): string {
  const assembly = new Assembly();
  for (const hex of packetVectors) {
    const packet = decodePacket(fromHex(hex).slice(3, -2));
    const step = packet && assembly.add(packet);
    if (step?.kind === 'message') return textOf(decodeFields(step.message) ?? [], 90) ?? '';
  }
  return decodeWindows1251(new Uint8Array(0));
}
