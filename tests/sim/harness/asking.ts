import { KnownError, Rejected } from '@kkm/core';
import type { SimGateway } from './sim-gateway';
import type { World } from './world';

const callerWaitMs = 12_000;
const callerTriesMax = 8;

/** Repeats a request until it is answered, refused, or nobody wants it any more. */
export async function untilAnswered(world: World, ask: (gateway: SimGateway) => Promise<unknown>): Promise<void> {
  const waited = (ms: number): Promise<'again'> =>
    new Promise((resolve) => {
      world.scheduler.after(ms, () => resolve('again'));
    });
  for (let tries = 0; tries < callerTriesMax; tries += 1) {
    const { gateway } = world;
    const answer = gateway ? await Promise.race([asked(() => ask(gateway)), waited(callerWaitMs)]) : 'again';
    if (answer === 'done') return;
    await waited(1_000);
  }
}

async function asked(ask: () => Promise<unknown>): Promise<'done' | 'again'> {
  try {
    await ask();
    return 'done';
  } catch (error) {
    if (error instanceof Rejected) return error.code === 'idempotency.in_progress' ? 'again' : 'done';
    if (error instanceof KnownError) return 'again';
    throw error;
  }
}
