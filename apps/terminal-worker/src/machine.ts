import { randomBytes } from 'node:crypto';
import { newId } from '@kkm/core';
import type { Clock, Ids } from '@kkm/flow/worker';

/** This machine's clocks. A pause does not keep a stopping process alive. */
export const machineClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
};

/** Ids from the machine's randomness. */
export const machineIds: Ids = { draw: (prefix) => newId(prefix, Date.now(), randomBytes) };

/** An id for this process, new at every start: a restarted worker is another worker. */
export function newWorkerId(): string {
  return newId('worker', Date.now(), randomBytes);
}
