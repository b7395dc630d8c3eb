import { Unavailable } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Ends, LivePayments } from './live-payments';

/** Events can be missed while the broker reconnects: the ledger is read this often besides. */
const readEveryMs = 2_000;

/** How a payment's end is waited for. */
export interface WaitOptions {
  readonly live: LivePayments;
  readonly read: (paymentId: string) => Promise<Payment>;
  readonly seconds: number;
  readonly ends: Ends;
  /** Aborts when the caller is gone. */
  readonly gone: AbortSignal;
}

/** Waits until the payment has ended, the seconds have passed or the caller is gone; answers with the newest state known. */
export async function waitForEnd(known: Payment, options: WaitOptions): Promise<Payment> {
  const stop = AbortSignal.any([options.gone, AbortSignal.timeout(options.seconds * 1_000)]);
  let newest = known;
  while (!stop.aborted) {
    const round = AbortSignal.any([stop, AbortSignal.timeout(readEveryMs)]);
    const ended = await options.live.finalOf(newest, round, options.ends);
    if (ended) return ended;
    if (!options.gone.aborted) newest = await readNewer(newest, options);
  }
  return newest;
}

async function readNewer(known: Payment, options: WaitOptions): Promise<Payment> {
  try {
    const read = await options.read(known.id);
    return read.sequence >= known.sequence ? read : known;
  } catch (error) {
    // The wait outlives a short absence of the ledger; the caller gets what is known.
    if (error instanceof Unavailable) return known;
    throw error;
  }
}
