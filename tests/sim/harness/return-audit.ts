import type { BankTransaction, FakeBank } from '@kkm/drivers/terminals';
import { showPayment } from '@kkm/flow/ledger';
import type { AttemptRecord, Change, PaymentRecord } from '@kkm/flow/ledger';
import type { BookedCharge, MemoryLedgerStore } from '@kkm/flow/testing';

/** What the audit of returns is told by the one it works for. */
export interface ReturnAuditHost {
  readonly world: { readonly store: MemoryLedgerStore; readonly bank: FakeBank; nowMs(): number; parked(): readonly string[] };
  must(holds: boolean, what: string): void;
  /** The number by which terminals and bank know an attempt. */
  referenceOf(attemptId: string): string;
  /** Whether a terminal contradicts itself about an attempt by plan. */
  isContradicted(attemptId: string): boolean;
  /** What the bank of SBP took in an attempt, less what it gave back. */
  sbpNetOf(attemptId: string): number;
}

/** What was due so long ago is decided by nobody. */
const lateMs = 10_000;

const openStatuses: readonly string[] = ['queued', 'granted', 'unknown'];
const isReturn = ({ shown }: AttemptRecord): boolean => shown.operation !== 'sale';
const isOpen = ({ shown }: AttemptRecord): boolean => openStatuses.includes(shown.status);

/** Holds giving money back, and the decisions about late money, against what must always be true. */
export class ReturnAudit {
  constructor(private readonly host: ReturnAuditHost) {}

  /** After a change was written. */
  saved(change: Change, record: PaymentRecord): void {
    const { id, chargedAmount, refundedAmount } = record.shown;
    const open = record.attempts.filter((attempt) => isReturn(attempt) && isOpen(attempt));
    this.host.must(open.length <= 1, `${id} has ${open.length} returns open`);
    const reversed = record.attempts.flatMap(({ shown, original }) => (shown.operation === 'reversal' ? [original?.attemptId] : []));
    this.host.must(new Set(reversed).size === reversed.length, `a sale of ${id} was reversed twice`);
    const pending = open.reduce((sum, { shown }) => sum + shown.amount, 0);
    this.host.must(refundedAmount + pending <= chargedAmount + record.surfacedMinor, `${id} would give back more than was charged`);
    if (change.added?.shown.operation !== 'sale') return;
    const undecided = this.host.world.store.books.chargesOf(id).filter(({ disposition }) => disposition === 'undecided').length;
    this.host.must(undecided === 0, `${id} was redone while surfaced money is undecided`);
    this.host.must(open.length === 0, `${id} was redone while money is given back`);
  }

  /** Something was booked that gives money back. */
  booked(row: BankTransaction, rows: readonly BankTransaction[]): void {
    const { world, must } = this.host;
    const attempt = [...world.store.books.attempts.values()].find((other) => this.isOf(row, other));
    if (!attempt?.original) return must(false, `the bank booked a ${row.kind} that nobody asked for`);
    const attemptId = attempt.shown.id;
    must(this.host.isContradicted(attemptId) || isOpen(attempt), `the bank booked ${attemptId}, which is ${attempt.shown.status}`);
    const undone = rows.find(({ rrn }) => rrn === attempt.original?.rrn);
    must(undone?.foreign === false, `${attemptId} gave back a foreign sale`);
    must(row.kind === 'refund' || undone?.reversed === true, `${attemptId} undid another operation than the one it names`);
    must(
      rows.every(({ foreign, reversed }) => !(foreign && reversed)),
      `${attemptId} undid a foreign sale`,
    );
    const times = rows.filter((other) => other.kind !== 'sale' && row.reference !== null && other.reference === row.reference).length;
    must(times <= 1, `${attemptId} was booked ${times} times`);
  }

  /** A reversal carries no reference: it is that of the reversal under way there. */
  private isOf(row: BankTransaction, attempt: AttemptRecord): boolean {
    if (row.reference !== null) return this.host.referenceOf(attempt.shown.id) === row.reference;
    return attempt.shown.operation === 'reversal' && attempt.shown.terminalId === row.terminalId && isOpen(attempt);
  }

  /** When nothing moves any more: bank and ledger agree for every payment, and late money was decided about. */
  atRest(): void {
    const { books } = this.host.world.store;
    const parked = this.host.world.parked().join('\n');
    for (const paymentId of books.heads.keys()) {
      const record = books.record(paymentId);
      if (!record) continue;
      const isParked = record.attempts.some(({ shown }) => shown.status === 'unknown' || parked.includes(shown.id));
      // The books follow a person's decision; a conflict is shown, and so is that the terminal confirmed nothing.
      const isUnconfirmed = record.attempts.some(({ resolution }) => resolution !== null && resolution.terminal === null);
      const isVisible = isParked || isUnconfirmed || showPayment(record).conflicts.length > 0;
      if (!isVisible) this.compareNet(record);
      const waits = record.decideAtMs !== null && record.decideAtMs > this.host.world.nowMs() - lateMs;
      if (!isVisible && !waits) this.checkDecided(record, books.chargesOf(paymentId));
    }
  }

  private compareNet(record: PaymentRecord): void {
    const references = record.attempts.map(({ shown }) => this.host.referenceOf(shown.id));
    const rows = this.host.world.bank.transactions().filter(({ reference, foreign }) => !foreign && reference !== null && references.includes(reference));
    const left = ({ kind, amount, reversed }: BankTransaction): number => (kind === 'sale' && !reversed ? amount : kind === 'refund' ? -amount : 0);
    const bySbp = record.attempts.reduce((net, { shown }) => net + this.host.sbpNetOf(shown.id), 0);
    const bank = rows.reduce((net, row) => net + left(row), bySbp);
    const { id, chargedAmount, refundedAmount } = record.shown;
    const ledger = chargedAmount + record.surfacedMinor - refundedAmount;
    this.host.must(bank === ledger, `${id}: the bank has ${bank} net, the ledger ${ledger}`);
    this.host.must(record.refundPendingMinor === 0, `${id} has a return pending that is not open`);
  }

  private checkDecided(record: PaymentRecord, charges: readonly BookedCharge[]): void {
    const { id, cancelRequested } = record.shown;
    const isKept = charges.some(({ disposition }) => disposition === 'kept');
    const wasTried = (charge: BookedCharge): boolean => record.attempts.some(({ original }) => original?.chargeResultId === charge.resultId);
    for (const charge of charges.filter(({ disposition }) => disposition === 'undecided'))
      this.host.must(
        wasTried(charge) && (isKept || record.lateApproval === 'void' || this.isChargedElsewhere(record)),
        `${id} has late money nobody decided about`,
      );
    const late = record.lateApproval === 'void' && cancelRequested === 'too_late';
    for (const charge of charges.filter(({ disposition, rrn }) => late && disposition === 'kept' && rrn !== null))
      this.host.must(wasTried(charge), `${id} was charged too late for its cancel, and nobody voided it`);
    for (const charge of charges.filter(({ disposition, surfaced }) => surfaced && disposition === 'kept'))
      this.host.must(record.lateApproval === 'keep', `${id} keeps late money at a site that voids it (${charge.resultId})`);
  }

  private isChargedElsewhere({ shown }: PaymentRecord): boolean {
    const others = [...this.host.world.store.books.heads.values()].filter((other) => other.shown.orderId === shown.orderId && other.shown.id !== shown.id);
    return others.some((other) => other.shown.chargedAmount > 0);
  }
}
