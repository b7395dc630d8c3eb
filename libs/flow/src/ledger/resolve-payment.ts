import { makeEvidence, moneyText, noBankFacts, Rejected } from '@kkm/core';
import type { Evidence, Payment, ResolvePaymentRequest } from '@kkm/core';
import { chargePostings } from './books';
import { cancelAfter, changeOf } from './change';
import type { Change } from './change';
import { happen } from './end-attempt';
import type { LedgerStore } from './ledger-store';
import { showPayment, timeText } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import type { ResolutionRecord } from './resolution';
import { visible } from './scope';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Lets a person decide an attempt in doubt, with evidence. The terminal is free again; recovery goes on until it has answered once (design-money, clause 9). */
export class ResolvePayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Throws `Rejected` with `payment.not_found`, `payment.not_in_doubt`, `request.invalid` or `idempotency.key_reused`. Repeats of the same decision are harmless. */
  async execute(request: ResolvePaymentRequest): Promise<Payment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(request.paymentId), request.scope);
      const { idempotency } = request;
      const use = idempotency && (await this.store.keyUse(record.shown.siteId, idempotency.key));
      if (use && use.fingerprint !== idempotency.fingerprint) throw new Rejected('idempotency.key_reused');
      const change = use ? null : decideResolution(record, request, this.around);
      if (!change) return showPayment(record);
      // The terminal's answer may have come first: then the payment is looked at again, and is no longer in doubt.
      return (await this.store.save(change)) === 'saved' ? showPayment(change.next) : stale;
    });
  }
}

/** The change that a person's decision makes; null when it was made before. */
export function decideResolution(record: PaymentRecord, request: ResolvePaymentRequest, around: LedgerSurroundings): Change | null {
  const isMeant = ({ shown }: AttemptRecord): boolean => request.attemptId === null || shown.id === request.attemptId;
  const doubted = record.attempts.find((attempt) => attempt.shown.operation === 'sale' && attempt.shown.status === 'unknown' && isMeant(attempt));
  if (doubted) return resolutionChange(record, { doubted, request }, around);
  const inDoubt = record.shown.status === 'in_doubt';
  const decided = inDoubt ? undefined : record.attempts.findLast((attempt) => attempt.resolution !== null && isMeant(attempt));
  if (decided?.resolution && isSameDecision(decided, request)) return null;
  throw new Rejected('payment.not_in_doubt');
}

function isSameDecision({ resolution, shown }: AttemptRecord, request: ResolvePaymentRequest): boolean {
  return resolution?.charged === request.charged && (!request.charged || resolution.chargedAmount === (request.chargedAmount ?? shown.amount));
}

interface Deciding {
  readonly doubted: AttemptRecord;
  readonly request: ResolvePaymentRequest;
}

function resolutionChange(record: PaymentRecord, { doubted, request }: Deciding, around: LedgerSurroundings): Change {
  const { charged, idempotency, by } = request;
  const chargedMinor = charged ? (request.chargedAmount ?? doubted.shown.amount) : 0;
  if (chargedMinor > doubted.shown.amount) throw amountTooHigh();
  const at = timeText(around.nowMs());
  const heard = evidenceOfPerson(record, { doubted, request, chargedMinor, at });
  const resultId = around.newId('res');
  const resolution: ResolutionRecord = {
    resultId,
    by,
    at,
    charged,
    chargedAmount: chargedMinor,
    evidence: makeEvidence({ ...heard, said: request.evidence }).said,
    terminal: null,
  };
  const ended = happen(doubted, charged ? 'approve' : 'fail', around.nowMs());
  const attempt: AttemptRecord = { ...ended, resolution, chargedMinor, shown: { ...ended.shown, reason: charged ? null : 'unrecognised' } };
  const attemptId = attempt.shown.id;
  const money = charged
    ? {
        charge: { attemptId, resultId, amountMinor: chargedMinor, facts: noBankFacts, surfaced: false },
        postings: chargePostings(record, { resultId, terminalId: attempt.shown.terminalId, amountMinor: chargedMinor, kind: 'charge' }),
      }
    : {};
  const key = idempotency && { siteId: record.shown.siteId, key: idempotency.key, fingerprint: idempotency.fingerprint, attemptId };
  const shown = {
    chargedAmount: record.shown.chargedAmount + chargedMinor,
    cancelRequested: cancelAfter(record.shown.cancelRequested, charged ? 'succeeded' : 'failed'),
  };
  return changeOf(
    record,
    {
      ...money,
      ...(key && { key }),
      shown,
      changed: [attempt],
      resolution: { kind: 'decided', attemptId, record: resolution },
      evidence: { attemptId, pieces: [heard], keptMax: null },
      alsoEvents: ['resolved'],
    },
    around,
  );
}

function evidenceOfPerson(
  { shown }: PaymentRecord,
  { doubted, request, chargedMinor, at }: Deciding & { readonly chargedMinor: number; readonly at: string },
): Evidence {
  const asked = `was the sale of ${moneyText(doubted.shown.amount, shown.currency, 'en')}, ${doubted.shown.id}, charged?`;
  const decided = chargedMinor > 0 ? `charged ${moneyText(chargedMinor, shown.currency, 'en')}` : 'not charged';
  return makeEvidence({ kind: 'person', asked, said: `${decided}, says ${request.by.name} (${request.by.id}): ${request.evidence}`, rrn: null, at });
}

function amountTooHigh(): Rejected {
  return new Rejected('request.invalid', { members: { errors: [{ pointer: '#/chargedAmount', detail: 'must not be above the attempt’s amount' }] } });
}
