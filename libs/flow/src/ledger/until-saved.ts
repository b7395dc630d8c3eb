import { Unavailable } from '@kkm/core';
import { triesMax } from './surroundings';

/** Says that somebody else changed what the decision was taken on. */
export const stale = Symbol('stale');

/** Takes a decision again, on fresh facts, for as long as others are faster. Throws `Unavailable('ledger.unavailable')` after {@link triesMax} tries: nothing happened. */
export async function untilSaved<T>(decideAndSave: () => Promise<T | typeof stale>): Promise<T> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const answer = await decideAndSave();
    if (answer !== stale) return answer;
  }
  throw new Unavailable('ledger.unavailable', { detail: 'too many changes at once' });
}
