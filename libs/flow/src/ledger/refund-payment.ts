import { makeEvidence, moneyText, Rejected } from '@kkm/core';
import type { OpenedPayment, RefundPaymentRequest } from '@kkm/core';
import { changeOf } from './change';
import type { Change } from './change';
import { leftMinor } from './charges';
import type { ChargeRecord } from './charges';
import type { EvidenceWrite } from './evidence';
import type { LedgerStore } from './ledger-store';
import { openedAs, replayOf } from './open-payment';
import { openReturn, requestedOperation, returnHindrance } from './open-return';
import type { ReturnHindrance } from './open-return';
import { timeText } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { visible } from './scope';
import { returnTimes } from './surroundings';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Gives back what somebody asked for, the way the money came. Of any number of simultaneous refunds one is open at a time, and no more is ever given back than was taken (design-money, clause 15). */
export class RefundPayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Throws `Rejected` with `payment.not_found`, `.not_refundable`, `.refund_too_large` or `idempotency.key_reused`. The command is null where the ledger asks a bank itself. */
  async execute(request: RefundPaymentRequest): Promise<OpenedPayment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(request.paymentId), request.scope);
      const use = await this.store.keyUse(record.shown.siteId, request.idempotency.key);
      if (use) return replayOf(this.store, use, request.idempotency);
      const { change, attemptId } = decideRefund(record, { request, charges: await this.store.chargesOf(request.paymentId) }, this.around);
      if ((await this.store.save(change)) !== 'saved') return stale;
      return openedAs(change.next, attemptId);
    });
  }
}

/** What is asked for, and all charges of the payment. */
interface RefundFacts {
  readonly request: RefundPaymentRequest;
  readonly charges: readonly ChargeRecord[];
}

/** Decides about a refund. @throws Rejected `payment.not_refundable`, `payment.refund_too_large`. */
export function decideRefund(
  record: PaymentRecord,
  { request, charges }: RefundFacts,
  around: LedgerSurroundings,
): { readonly change: Change; readonly attemptId: string } {
  const { charge, amountMinor } = chosenCharge(record, refundable(record, charges), request.amount);
  const operation = requestedOperation(record, { charge, amountMinor }, around.nowMs());
  const hindrance = returnHindrance(record, { charge, operation, amountMinor });
  if (hindrance !== null) throw notRefundable(hindrance);
  const wanted = openReturn(record, { charge, operation, amountMinor, expiresInSeconds: returnTimes.expiresInSeconds }, around);
  const attemptId = wanted.added.shown.id;
  const { siteId } = record.shown;
  const key = { siteId, key: request.idempotency.key, fingerprint: request.idempotency.fingerprint, attemptId };
  return {
    change: changeOf(record, { ...wanted, key, evidence: evidenceOfRequest(record, wanted.added, { request, at: timeText(around.nowMs()) }) }, around),
    attemptId,
  };
}

/** Charges of which something is left to give back: what the payment keeps, else money that surfaced and that the ledger has left to a person. */
function refundable(record: PaymentRecord, charges: readonly ChargeRecord[]): readonly ChargeRecord[] {
  const left = charges.filter((charge) => charge.disposition !== 'returned' && leftMinor(charge) > 0);
  const kept = left.filter(({ disposition }) => disposition === 'kept');
  return kept.length > 0 || record.decideAtMs !== null ? kept : left;
}

/** The charge that the money is taken from: one at a time, because every bank knows only its own. */
function chosenCharge(
  record: PaymentRecord,
  charges: readonly ChargeRecord[],
  amount: number | null,
): { readonly charge: ChargeRecord; readonly amountMinor: number } {
  const leftOfAll = charges.reduce((left, charge) => left + leftMinor(charge), 0);
  const amountMinor = amount ?? leftOfAll;
  const { chargedAmount, currency } = record.shown;
  if (leftOfAll === 0 && (amount === null || chargedAmount === 0)) throw new Rejected('payment.not_refundable', { detail: 'Nothing is left to give back.' });
  const charge = charges.find((one) => leftMinor(one) >= amountMinor);
  if (charge) return { charge, amountMinor };
  const most = charges.reduce((max, one) => Math.max(max, leftMinor(one)), 0);
  const spans = amountMinor <= leftOfAll ? ' The money was taken in several charges, and each is given back by itself.' : '';
  throw new Rejected('payment.refund_too_large', { detail: `At most ${moneyText(most, currency, 'en')} can be given back at once.${spans}` });
}

const hindrances: Readonly<Record<Exclude<ReturnHindrance, 'too-much'>, string>> = {
  busy: 'Another attempt of the payment is open or in doubt: wait for its end.',
  'no-reference': 'The bank’s number of the charge is not known, so nothing could name it: return the money by hand.',
  elsewhere: 'The money did not move through the terminal.',
  'reversed-before': 'The sale was reversed before.',
};

function notRefundable(hindrance: ReturnHindrance): Rejected {
  if (hindrance === 'too-much') return new Rejected('payment.refund_too_large');
  return new Rejected('payment.not_refundable', { detail: hindrances[hindrance] });
}

/** Who asked, and why in a person's words: whoever looks at the return later reads it with what was said about it. */
function evidenceOfRequest(
  { shown: payment }: PaymentRecord,
  { shown }: AttemptRecord,
  { request, at }: { readonly request: RefundPaymentRequest; readonly at: string },
): EvidenceWrite {
  const { by, reason } = request;
  const asked = `to give back ${moneyText(shown.amount, payment.currency, 'en')}, ${shown.id}`;
  const said = `${by.name} (${by.id}): ${reason ?? 'no reason given'}`;
  return { attemptId: shown.id, pieces: [makeEvidence({ kind: 'person', asked, said, rrn: null, at })], keptMax: null };
}
