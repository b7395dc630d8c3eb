import type { Payment } from '@kkm/core';
import { tap } from './calls';
import type { Fact } from './facts';
import { tellAttempt } from './told-attempt';
import type { FollowedAttempt } from './told-attempt';

/**
 * Takes one attempt by card through all services and tells each step when it was seen, in milliseconds since acceptance.
 * Returns the payment as the event told it. Throws when a step does not come.
 */
export async function followAttempt(attempt: FollowedAttempt & { readonly card: string }): Promise<Payment> {
  const { endpoints, facts, card } = attempt;
  const told = await tellAttempt(attempt);
  const shown = await told.next('the request for a card on the terminal', (fact) => fact.kind === 'screen' && fact.screen.state === 'card');
  told.tell(shown.atMs, 'on the terminal', `${endpoints.terminalId} shows: ${textOf(shown.fact)}`);
  const sinceTap = facts.count;
  await tap(endpoints, card);
  const read = await facts.next((fact) => fact.kind === 'screen' && fact.screen.state !== 'card', {
    since: sinceTap,
    withinMs: 20_000,
    what: 'the reading of the card',
  });
  told.tell(read.atMs, 'card read', `the guest tapped a card (${card}); the screen shows: ${textOf(read.fact)}`);
  const answered = await told.next(
    'the answer of the bank',
    (fact) => fact.kind === 'progress' && fact.progress.attemptId === told.attemptId && fact.progress.step === 'answered',
  );
  told.tell(answered.atMs, answered.fact.kind === 'progress' ? (answered.fact.progress.detail ?? 'answered') : 'answered', 'the terminal told the worker');
  return told.end();
}

function textOf(fact: Fact): string {
  return fact.kind === 'screen' ? fact.screen.lines.join(' | ') : '';
}
