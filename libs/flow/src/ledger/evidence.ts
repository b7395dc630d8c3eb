import { check, evidenceLimits, makeEvidence, moneyText } from '@kkm/core';
import type { AttemptResult, BankFacts, Currency, Evidence, Outcome } from '@kkm/core';
import type { AttemptRecord, PaymentRecord } from './records';

/** What a change notes about an attempt. What is kept already, word for word, only counts up. */
export interface EvidenceWrite {
  readonly attemptId: string;
  /** No two of them say the same. */
  readonly pieces: readonly Evidence[];
  /** Further pieces are kept only while the attempt has fewer than this; null: always. */
  readonly keptMax: number | null;
}

/** What a result tells of its attempt: the answer itself, and what was asked and said besides. Doubt repeats itself for hours, so it alone is bounded. */
export function evidenceOf(record: PaymentRecord, attempt: AttemptRecord, result: AttemptResult): EvidenceWrite {
  const besides = result.evidence ?? [];
  // Recovery brings what it heard with it; its outcome is what follows from that, said by nobody.
  const all = (result.source === 'recovery' || result.source === 'bank') && besides.length > 0 ? besides : [answerOf(record, attempt, result), ...besides];
  const keptMax = result.outcome.kind === 'unknown' ? evidenceLimits.ofDoubt : null;
  return { attemptId: result.attemptId, pieces: all.filter((piece, at) => all.findIndex((other) => saysSame(other, piece)) === at), keptMax };
}

/** The piece that an outcome rests on: the answer itself, or what recovery heard last. */
export function decisiveOf({ pieces }: EvidenceWrite): Evidence {
  const decisive = pieces.find(({ kind }) => kind === 'answer') ?? pieces.at(-1);
  check(decisive, 'a result says something');
  return decisive;
}

/** Whether two pieces are one, heard twice. */
export function saysSame(one: Evidence, other: Evidence): boolean {
  return one.kind === other.kind && one.asked === other.asked && one.said === other.said && one.rrn === other.rrn;
}

function answerOf({ shown: payment }: PaymentRecord, { shown }: AttemptRecord, { outcome, source, at, attemptId }: AttemptResult): Evidence {
  const operation = `${shown.operation} of ${moneyText(shown.amount, payment.currency, 'en')}, ${attemptId}`;
  const asked = source === 'unpermitted' ? `nothing: the ${operation} was not sent` : source === 'recovery' ? `what became of the ${operation}` : operation;
  const said = wordsOf(outcome, payment.currency).join(' · ');
  return makeEvidence({ kind: source === 'recovery' ? 'last-result' : 'answer', asked, said, rrn: outcome.facts.rrn, at });
}

function wordsOf(outcome: Outcome, currency: Currency): readonly string[] {
  const { message, hostResponseCode, rrn, authorisationCode, terminalTime } = outcome.facts;
  return [
    outcome.kind === 'approved' ? `approved ${moneyText(outcome.chargedMinor, currency, 'en')}` : `${outcome.kind} (${outcome.reason})`,
    message,
    hostResponseCode && `host code ${hostResponseCode}`,
    rrn && `RRN ${rrn}`,
    authorisationCode && `authorisation code ${authorisationCode}`,
    clockOf(terminalTime),
  ].filter((word): word is string => word !== null && word !== '');
}

/** The terminal's clock with signs between the digits: fourteen in a row may look like a card number. */
function clockOf(terminalTime: BankFacts['terminalTime']): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(terminalTime ?? '');
  return parts && `terminal’s clock ${parts.slice(1, 4).join('-')} ${parts.slice(4).join(':')}`;
}
