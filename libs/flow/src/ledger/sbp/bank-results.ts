import { makeEvidence, noBankFacts } from '@kkm/core';
import type { AttemptResult, BankFacts, Outcome, OutcomeReason } from '@kkm/core';
import { timeText } from '../records';
import type { AttemptRecord, PaymentRecord, ReturnedCharge } from '../records';
import { endKind } from './qr-decision';
import type { QrAtBank, RefundAtBank } from './sbp-bank';

/** What the ledger learned of a QR or of a refund, as the attempt's result names it: the same thing learned twice is one result. */
export type Learned = 'paid' | 'ended' | 'lost' | 'doubt' | 'refunded' | 'refund-refused' | 'refund-doubt';

/** Makes the result of a bank's word. It goes through the same decision as a terminal's. */
export function bankResult(
  record: PaymentRecord,
  attempt: AttemptRecord,
  heard: { readonly learned: Learned; readonly outcome: Outcome; readonly asked: string; readonly said: string; readonly nowMs: number },
): AttemptResult {
  const { id: attemptId, terminalId } = attempt.shown;
  const { learned, outcome, asked, said, nowMs } = heard;
  const at = timeText(nowMs);
  return {
    resultId: resultIdOf(learned, attemptId),
    attemptId,
    paymentId: record.shown.id,
    siteId: record.shown.siteId,
    terminalId,
    workerId: 'ledger',
    nonce: attempt.permit?.nonce ?? null,
    outcome,
    readFailures: attempt.shown.readFailures,
    source: 'bank',
    evidence: [makeEvidence({ kind: 'bank', asked, said, rrn: outcome.facts.rrn, at })],
    at,
  };
}

/** The id of a result, the same wherever and however often it is learned. */
export function resultIdOf(learned: Learned, attemptId: string): string {
  return `sbp-${learned}:${attemptId}`;
}

/** Whether a bank's word became the result with this id; workers name theirs otherwise. */
export function isBankResult(resultId: string): boolean {
  return resultId.startsWith('sbp-');
}

/** The outcome of a paid QR. The bank's number of the payment stands where a card's RRN stands: the bank's list is searched by it. */
export function paidOutcome({ qr }: AttemptRecord, at: Extract<QrAtBank, { kind: 'paid' }>): Outcome {
  return { kind: 'approved', chargedMinor: at.amountMinor, facts: { ...noBankFacts, rrn: at.transactionId ?? qr?.qrId ?? null } };
}

/** The outcome of a QR that ended unpaid, or was never shown. */
export function endedOutcome(reason: OutcomeReason, message: string | null = null): Outcome {
  return { kind: endKind(reason), reason, facts: factsWith(message) };
}

/** The outcome of a refund that the bank made. */
export function refundedOutcome(original: ReturnedCharge, at: Extract<RefundAtBank, { kind: 'done' }>): Outcome {
  return { kind: 'approved', chargedMinor: at.amountMinor, facts: { ...noBankFacts, rrn: at.transactionId ?? original.rrn } };
}

/** The outcome of a refund that the bank proves it did not make. */
export function refusedOutcome(message: string | null): Outcome {
  return { kind: 'declined', reason: 'do_not_honour', facts: factsWith(message) };
}

/** The outcome of a QR or a refund of which the bank does not say how it stands. */
export const doubtOutcome: Outcome = { kind: 'unknown', reason: 'host_unreachable', facts: noBankFacts };

function factsWith(message: string | null): BankFacts {
  return { ...noBankFacts, message };
}
