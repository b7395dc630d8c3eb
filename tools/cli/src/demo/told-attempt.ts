import { setTimeout as sleep } from 'node:timers/promises';
import { formatMinor, notChargedStatuses } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Endpoints } from '../system/endpoints';
import { readPayment } from './calls';
import type { Fact, SeenFact, SeenFacts } from './facts';

/** No step of a payment on this machine takes this long. */
const stepWithinMs = 20_000;
/** The ledger is asked this often while its record is awaited. */
const readEveryMs = 15;

/** One attempt of the demo: who accepts it, and where the steps are told. */
export interface FollowedAttempt {
  readonly endpoints: Endpoints;
  readonly facts: SeenFacts;
  /** Asks KKM to take the payment; its answer is the acceptance. */
  readonly accept: () => Promise<Payment>;
  readonly say: (line: string) => void;
}

/** An attempt that was accepted and whose steps are told, in milliseconds since then. */
export interface ToldAttempt {
  readonly accepted: Payment;
  readonly attemptId: string;
  tell(atMs: number, step: string, detail: string): void;
  /** The first fact since acceptance that fits; throws when it does not come. */
  next(what: string, fits: (fact: Fact) => boolean): Promise<SeenFact>;
  /** The first state of the payment that fits, as the ledger has recorded it. */
  recorded(what: string, fits: (payment: Payment) => boolean): Promise<{ readonly payment: Payment; readonly atMs: number }>;
  /** Tells the record and the event of the end; gives the payment as the event told it. */
  end(): Promise<Payment>;
}

/** Lets KKM accept an attempt and tells that. */
export async function tellAttempt({ endpoints, facts, accept, say }: FollowedAttempt): Promise<ToldAttempt> {
  const since = facts.count;
  const accepted = await accept();
  const acceptedMs = performance.now();
  const number = accepted.attempts.length;
  const tell = (atMs: number, step: string, detail: string): void =>
    say(`  ${String(Math.max(0, Math.round(atMs - acceptedMs))).padStart(6)} ms  ${step.padEnd(16)}${detail}`);
  const next = (what: string, fits: (fact: Fact) => boolean): Promise<SeenFact> => facts.next(fits, { since, withinMs: stepWithinMs, what });
  const recorded: ToldAttempt['recorded'] = async (what, fits) => {
    const asked = new AbortController();
    const asking = askLedger({ endpoints, facts }, accepted.id, asked.signal);
    const { fact, atMs } = await next(what, (seen) => {
      const payment = paymentOf(seen);
      return payment?.id === accepted.id && fits(payment);
    });
    asked.abort();
    await asking;
    return { payment: paymentOf(fact) ?? accepted, atMs };
  };
  tell(acceptedMs, 'accepted', `${accepted.id}, attempt ${number}, ${formatMinor(accepted.amount)} ${accepted.currency}, order ${accepted.orderId}`);
  return {
    accepted,
    attemptId: accepted.attempts.at(-1)?.id ?? '',
    tell,
    next,
    recorded,
    async end() {
      const isEnd = (payment: Payment): boolean => payment.attempts.length === number && ends.includes(payment.status);
      const { payment, atMs } = await recorded('the record in the ledger', isEnd);
      tell(atMs, 'recorded', `in the ledger: ${payment.status}`);
      const published = await next('the event on kkm.events', (fact) => {
        const told = fact.kind === 'published' ? paymentOf(fact) : null;
        return told !== null && told.id === accepted.id && isEnd(told);
      });
      tell(published.atMs, 'event sent', published.fact.kind === 'published' ? `${published.fact.event.type} came from kkm.events` : '');
      return paymentOf(published.fact) ?? payment;
    },
  };
}

/** Reads the payment again and again: the stream and the events tell it too, but a little later. */
async function askLedger({ endpoints, facts }: Pick<FollowedAttempt, 'endpoints' | 'facts'>, paymentId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const payment = await readPayment(endpoints, paymentId).catch(() => null); // One that fails is followed by another.
    if (payment) facts.add({ kind: 'recorded', payment });
    await sleep(readEveryMs);
  }
}

const ends: readonly string[] = ['succeeded', ...notChargedStatuses];

function paymentOf(fact: Fact): Payment | null {
  if (fact.kind === 'recorded') return fact.payment;
  return fact.kind === 'published' && 'attempts' in fact.event.data ? fact.event.data : null;
}
