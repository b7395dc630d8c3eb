import { setTimeout as sleep } from 'node:timers/promises';
import { formatMinor, notChargedStatuses } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Endpoints } from '../system/endpoints';
import { readPayment, tap } from './calls';
import type { Fact, SeenFact, SeenFacts } from './facts';

/** No step of a payment on this machine takes this long. */
const stepWithinMs = 20_000;
/** The ledger is asked this often while its record is awaited. */
const readEveryMs = 15;

/** One attempt of the demo: who accepts it, which card the guest holds, and where the steps are told. */
export interface FollowedAttempt {
  readonly endpoints: Endpoints;
  readonly facts: SeenFacts;
  /** Asks KKM to take the payment; its answer is the acceptance. */
  readonly accept: () => Promise<Payment>;
  readonly card: string;
  readonly say: (line: string) => void;
}

/**
 * Takes one attempt through all services and tells each step when it was seen, in milliseconds since acceptance.
 * Returns the payment as the event told it. Throws when a step does not come.
 */
export async function followAttempt({ endpoints, facts, accept, card, say }: FollowedAttempt): Promise<Payment> {
  const since = facts.count;
  const accepted = await accept();
  const acceptedMs = performance.now();
  const number = accepted.attempts.length;
  const attemptId = accepted.attempts.at(-1)?.id;
  const tell = (atMs: number, step: string, detail: string): void =>
    say(`  ${String(Math.max(0, Math.round(atMs - acceptedMs))).padStart(6)} ms  ${step.padEnd(16)}${detail}`);
  const next = (what: string, fits: (fact: Fact) => boolean): Promise<SeenFact> => facts.next(fits, { since, withinMs: stepWithinMs, what });
  tell(acceptedMs, 'accepted', `${accepted.id}, attempt ${number}, ${formatMinor(accepted.amount)} ${accepted.currency}, order ${accepted.orderId}`);

  const shown = await next('the request for a card on the terminal', (fact) => fact.kind === 'screen' && fact.screen.state === 'card');
  tell(shown.atMs, 'on the terminal', `${endpoints.terminalId} shows: ${textOf(shown.fact)}`);
  const sinceTap = facts.count;
  await tap(endpoints, card);
  const read = await facts.next((fact) => fact.kind === 'screen' && fact.screen.state !== 'card', {
    since: sinceTap,
    withinMs: stepWithinMs,
    what: 'the reading of the card',
  });
  tell(read.atMs, 'card read', `the guest tapped a card (${card}); the screen shows: ${textOf(read.fact)}`);

  const answered = await next(
    'the answer of the bank',
    (fact) => fact.kind === 'progress' && fact.progress.attemptId === attemptId && fact.progress.step === 'answered',
  );
  tell(answered.atMs, answered.fact.kind === 'progress' ? (answered.fact.progress.detail ?? 'answered') : 'answered', 'the terminal told the worker');
  const asked = new AbortController();
  const asking = askLedger({ endpoints, facts }, accepted.id, asked.signal);
  const recorded = await next('the record in the ledger', (fact) => isEnd(paymentOf(fact), accepted.id, number));
  asked.abort();
  await asking;
  tell(recorded.atMs, 'recorded', `in the ledger: ${paymentOf(recorded.fact)?.status}`);
  const published = await next('the event on kkm.events', (fact) => fact.kind === 'published' && isEnd(paymentOf(fact), accepted.id, number));
  tell(published.atMs, 'event sent', published.fact.kind === 'published' ? `${published.fact.event.type} came from kkm.events` : '');
  return paymentOf(published.fact) ?? accepted;
}

/** Reads the payment again and again: the stream and the events tell it too, but a little later. */
async function askLedger({ endpoints, facts }: Pick<FollowedAttempt, 'endpoints' | 'facts'>, paymentId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const payment = await readPayment(endpoints, paymentId).catch(() => null); // One that fails is followed by another.
    if (payment) facts.add({ kind: 'recorded', payment });
    await sleep(readEveryMs);
  }
}

function textOf(fact: Fact): string {
  return fact.kind === 'screen' ? fact.screen.lines.join(' | ') : '';
}

function paymentOf(fact: Fact): Payment | null {
  if (fact.kind === 'recorded') return fact.payment;
  return fact.kind === 'published' && 'attempts' in fact.event.data ? fact.event.data : null;
}

const ends: readonly string[] = ['succeeded', ...notChargedStatuses];

function isEnd(payment: Payment | null, id: string, attempts: number): boolean {
  return payment !== null && payment.id === id && payment.attempts.length === attempts && ends.includes(payment.status);
}
