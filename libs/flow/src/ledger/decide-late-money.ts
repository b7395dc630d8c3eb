import { check } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import { keptPostings } from './books';
import { cancelAfter, changeOf, hiddenChangeOf, isToDecide, isUnwanted } from './change';
import type { Change } from './change';
import { leftMinor } from './charges';
import type { ChargeRecord } from './charges';
import type { LedgerStore } from './ledger-store';
import { openReturn, returnHindrance } from './open-return';
import type { WantedReturn } from './open-return';
import { attemptOf, commandOf } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { returnTimes } from './surroundings';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** How many payments one look decides about at most; the next look takes the rest. */
const decideMax = 100;

/** How many payments of one order are looked at, newest first. */
const orderMax = 100;

/** What other payments of the same order have come to: one may still be charged, or one of the same amount is. */
export type OrderStanding = 'free' | 'open' | 'charged';

/** What the decision about late money rests on. `inDoubt`: terminals where an operation is in doubt, so that nothing can be given back there now. */
export interface LateMoneyFacts {
  readonly record: PaymentRecord;
  readonly charges: readonly ChargeRecord[];
  readonly order: OrderStanding;
  readonly inDoubt: readonly string[];
}

/** What is to be done about one charge. `person`: nothing the ledger could do by itself. */
export type LateMoneyStep =
  { readonly kind: 'keep' | 'return'; readonly charge: ChargeRecord } | { readonly kind: 'later'; readonly atMs: number } | { readonly kind: 'person' };

/**
 * Decides about money that came late (design-money, clauses 10 and 13) and gives back what tests took, and survives restarts: what is due is read from the tables each time.
 * Replicas may all run it; of two decisions about one payment the second finds the payment changed.
 */
export class DecideLateMoney {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** The commands of the returns that this look opened; whoever misses one of them finds its attempt queued. */
  async execute(): Promise<readonly PaymentCommand[]> {
    const paymentIds = await this.store.paymentsToDecide(this.around.nowMs(), decideMax);
    const commands = await Promise.all(paymentIds.map((paymentId) => this.decide(paymentId)));
    return commands.filter((command) => command !== null);
  }

  private async decide(paymentId: string): Promise<PaymentCommand | null> {
    return untilSaved(async () => {
      const record = await this.store.payment(paymentId);
      if (!record || !isToDecide(record)) return null;
      const change = lateMoneyChange(record, lateMoneyStep(await this.factsOf(record), this.around.nowMs()), this.around);
      if (!change) return null;
      // Also when another payment of the order was faster: seen anew, the order is no longer free.
      if ((await this.store.save(change)) !== 'saved') return stale;
      return change.added && commandOf(change.next, change.added.shown.id);
    });
  }

  private async factsOf(record: PaymentRecord): Promise<LateMoneyFacts> {
    const { siteId, orderId } = record.shown;
    const charges = await this.store.chargesOf(record.shown.id);
    const unnamed = { status: null, purpose: null, method: null, settlementAccount: null, rrn: null, authorisationCode: null, amount: null };
    const filter = { scope: null, siteId, orderId, ...unnamed, fromId: null, beforeId: null, limit: orderMax };
    const order = orderStanding(record, await this.store.list(filter));
    const terminalIds = [...new Set(charges.map(({ attemptId }) => attemptOf(record, attemptId).shown.terminalId))];
    const terminals = await Promise.all(terminalIds.map((terminalId) => this.store.terminal(siteId, terminalId)));
    return { record, charges, order, inDoubt: terminalIds.filter((_, at) => terminals[at]?.occupant?.status === 'unknown') };
  }
}

/** What the other payments of an order mean for money of this one (design-money, clause 16). Payments meant in addition do not count. */
export function orderStanding(record: PaymentRecord, ofOrder: readonly PaymentRecord[]): OrderStanding {
  const others = ofOrder.filter((other) => other.shown.id !== record.shown.id && other.orderExclusive && record.orderExclusive);
  const charged = others.some(({ shown }) => shown.amount === record.shown.amount && shown.refundedAmount < shown.chargedAmount);
  if (charged) return 'charged';
  return others.some(({ shown }) => ['pending', 'in_progress', 'in_doubt'].includes(shown.status)) ? 'open' : 'free';
}

/** The next step: about the oldest charge that something can be done about now; else when to look again. Nothing is decided while an attempt is open. */
export function lateMoneyStep(facts: LateMoneyFacts, nowMs: number): LateMoneyStep {
  const { record, charges } = facts;
  check(isToDecide(record), 'there is late money, and nothing open that could change it');
  const undecided = charges.filter(({ disposition }) => disposition === 'undecided');
  const kept = charges.filter(({ disposition }) => disposition === 'kept');
  const steps = [...undecided, ...(isUnwanted(record) ? kept : [])].map((charge) => stepFor(charge, facts, nowMs));
  const now = steps.find(({ kind }) => kind === 'keep' || kind === 'return');
  if (now) return now;
  const times = steps.flatMap((step) => (step.kind === 'later' ? [step.atMs] : []));
  return times.length > 0 ? { kind: 'later', atMs: Math.min(...times) } : { kind: 'person' };
}

/** Surfaced money is given back when another charge is kept or the order was charged otherwise; else the site's policy decides. */
function stepFor(charge: ChargeRecord, facts: LateMoneyFacts, nowMs: number): LateMoneyStep {
  const { record, charges, order } = facts;
  const mayKeep = charge.disposition === 'undecided' && record.lateApproval === 'keep' && !charges.some(({ disposition }) => disposition === 'kept');
  if (mayKeep && order === 'open') return { kind: 'later', atMs: nowMs + returnTimes.lookAgainMs };
  return mayKeep && order === 'free' ? { kind: 'keep', charge } : returnStep(charge, facts, nowMs);
}

/** A return that found no terminal or no bank is tried again with growing pauses; one that was refused is a person's matter. */
function returnStep(charge: ChargeRecord, { record, inDoubt }: LateMoneyFacts, nowMs: number): LateMoneyStep {
  const hindrance = returnHindrance(record, wholeOf(record, charge));
  const tries = record.attempts.filter(({ original }) => original?.chargeResultId === charge.resultId);
  const last = tries.at(-1);
  if (hindrance !== null || tries.some(isRefused) || tries.length >= returnTimes.triesMax) return { kind: 'person' };
  const dueMs = last ? Date.parse(last.shown.finishedAt ?? '') + pauseAfter(tries.length) : nowMs;
  if (dueMs > nowMs) return { kind: 'later', atMs: dueMs };
  const { shown, moneyPath } = attemptOf(record, charge.attemptId);
  // A bank gives back whatever its terminal is at.
  return moneyPath === 'terminal' && inDoubt.includes(shown.terminalId) ? { kind: 'later', atMs: nowMs + returnTimes.lookAgainMs } : { kind: 'return', charge };
}

function isRefused({ shown }: AttemptRecord): boolean {
  return shown.status === 'declined' || shown.status === 'cancelled' || shown.reason === 'not_supported';
}

function pauseAfter(tries: number): number {
  return Math.min(returnTimes.retryMaxMs, returnTimes.retryMs * 2 ** (tries - 1));
}

/** The change that takes a step; null when the payment waits for it already. */
export function lateMoneyChange(record: PaymentRecord, step: LateMoneyStep, around: LedgerSurroundings): Change | null {
  switch (step.kind) {
    case 'keep':
      return keepChange(record, step.charge, around);
    case 'return':
      return changeOf(record, openReturn(record, wholeOf(record, step.charge), around), around);
    case 'later':
      return hiddenChangeOf({ ...record, decideAtMs: step.atMs }, {});
    case 'person':
      return record.decideAtMs === null ? null : hiddenChangeOf({ ...record, decideAtMs: null }, {});
  }
}

/** All of a charge, the way it came: a terminal undoes it, a bank refunds it. */
function wholeOf(record: PaymentRecord, charge: ChargeRecord): WantedReturn {
  const operation = attemptOf(record, charge.attemptId).moneyPath === 'bank_qr' ? 'refund' : 'void';
  return { charge, operation, amountMinor: charge.amountMinor, expiresInSeconds: returnTimes.expiresInSeconds };
}

/** Surfaced money becomes the payment's charge, and its status follows. */
function keepChange(record: PaymentRecord, charge: ChargeRecord, around: LedgerSurroundings): Change {
  const amountMinor = leftMinor(charge);
  const { chargedAmount, cancelRequested } = record.shown;
  return changeOf(
    record,
    {
      disposed: { chargeResultId: charge.resultId, disposition: 'kept' },
      shown: { chargedAmount: chargedAmount + amountMinor, cancelRequested: cancelAfter(cancelRequested, 'succeeded') },
      money: { surfacedUndecided: record.surfacedUndecided - 1, surfacedMinor: record.surfacedMinor - amountMinor },
      postings: keptPostings(record, { resultId: charge.resultId, amountMinor }),
      alsoEvents: ['resolved'],
    },
    around,
  );
}
