import { pause } from '@kkm/testkit';
import type { DoorReply } from '../harness/door-line';
import { statuses } from './cafe-client';

/** How often a careful client asks before a person would step in. */
const tries = 100;

/** Asks for a result until the status within `Rezult` is neither 1 nor 4, as careful clients do; gives that inner answer, or null when it never came. */
export async function followInner(ask: () => Promise<DoorReply>, pollMs: number): Promise<DoorReply | null> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { Rezult: inner } = await ask();
    if (inner?.Status !== statuses.run && inner?.Status !== statuses.notRun) return inner ?? {};
    await pause(pollMs);
  }
  return null;
}
