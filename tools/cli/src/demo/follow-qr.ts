import { setTimeout as sleep } from 'node:timers/promises';
import { formatMinor } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Endpoints } from '../system/endpoints';
import { bankBooks } from './calls';
import { tellAttempt } from './told-attempt';
import type { FollowedAttempt } from './told-attempt';

/** The bank's books are looked at this often, and so long. */
const lookEveryMs = 15;
const paidWithinMs = 20_000;

/**
 * Takes one attempt by SBP QR through all services, the guest scanning by himself, and tells each step when it was seen.
 * Returns the payment as the event told it. Throws when a step does not come, or when the screen shows another code than the bank made.
 */
export async function followQr(attempt: FollowedAttempt): Promise<Payment> {
  const { endpoints } = attempt;
  const known = (await bankBooks(endpoints)).length;
  const told = await tellAttempt(attempt);
  const made = await told.recorded('the QR of the bank', ({ attempts }) => qrOf(attempts, told.attemptId) !== null);
  const qr = qrOf(made.payment.attempts, told.attemptId);
  told.tell(made.atMs, 'QR made', `the bank's code, to be paid until ${qr?.expiresAt}: ${qr?.payload}`);
  const shown = await told.next('the QR on the terminal', (fact) => fact.kind === 'screen' && fact.screen.state === 'qr');
  const screen = shown.fact.kind === 'screen' ? shown.fact.screen : null;
  if (screen?.qr !== qr?.payload) throw new Error(`the terminal shows ${screen?.qr}, but the bank made ${qr?.payload}`);
  told.tell(shown.atMs, 'shown', `${endpoints.terminalId} shows the same code: ${screen?.lines.join(' | ')}`);
  const paidMs = await untilPaid(endpoints, known);
  told.tell(paidMs, 'paid', `the guest scanned it and confirmed ${formatMinor(told.accepted.amount)} ${told.accepted.currency} in the bank's app`);
  return told.end();
}

function qrOf(attempts: Payment['attempts'], attemptId: string): Payment['attempts'][number]['qr'] {
  return attempts.find(({ id }) => id === attemptId)?.qr ?? null;
}

/** When the bank's books were first seen to hold more than `known` entries, on the monotonic clock in milliseconds. */
async function untilPaid(endpoints: Endpoints, known: number): Promise<number> {
  const deadline = performance.now() + paidWithinMs;
  while (performance.now() < deadline) {
    if ((await bankBooks(endpoints)).length > known) return performance.now();
    await sleep(lookEveryMs);
  }
  throw new Error(`the guest's payment did not come within ${paidWithinMs / 1000} s`);
}
