import { newId, noBankFacts } from '@kkm/core';
import type { AttemptResult } from '@kkm/core';
import type { BankAnswer, FakeBank } from '@kkm/drivers/terminals';
import type { AttemptRecord } from '@kkm/flow/ledger';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import type { Auditor } from './auditor';
import type { Scheduler } from './scheduler';
import type { Seeded } from './seeded';
import type { SimTerminal } from './sim-terminal';
import { siteId } from './sim-worker';

/** What a bank does alone needs of the world. */
export interface BankAloneParts {
  readonly store: MemoryLedgerStore;
  readonly bank: FakeBank;
  readonly auditor: Auditor;
  readonly terminals: ReadonlyMap<string, SimTerminal>;
  readonly scheduler: Scheduler;
  readonly random: Seeded;
  /** Sends a result to the ledger. */
  readonly tell: (result: AttemptResult) => void;
}

/** What the bank turns out to have done, and no terminal shows as its last operation. */
export class BankAlone {
  /** How many charges were told of that belong to no attempt. */
  told = 0;

  constructor(private readonly parts: BankAloneParts) {}

  /** A terminal contradicts itself: it said no, and later its bank has the money. The result arrives when the attempt is long final. */
  approveLate(results: readonly AttemptResult[], faults: readonly string[]): void {
    const { store, auditor, terminals } = this.parts;
    const refused = results.filter(({ outcome }) => outcome.kind === 'declined' || outcome.kind === 'failed' || outcome.kind === 'cancelled');
    const settled = refused.filter(({ attemptId, nonce }) => nonce !== null && store.books.attempts.get(attemptId)?.shown.finishedAt);
    const result = settled.at(-1);
    const attempt = result && store.books.attempts.get(result.attemptId);
    if (!attempt || attempt.moneyPath !== 'terminal' || auditor.contradicted.has(result.attemptId) || this.reverses(result.terminalId)) return;
    auditor.contradicted.add(result.attemptId);
    const answer = this.bookLate(attempt);
    if (!answer?.approved) return;
    terminals.get(result.terminalId)?.behave({}, faults);
    const { amount } = attempt.shown;
    const facts = { ...result.outcome.facts, rrn: answer.transaction.rrn, authorisationCode: answer.transaction.authorisationCode };
    const body: AttemptResult = { ...result, resultId: `${result.resultId}late`, outcome: { kind: 'approved', chargedMinor: amount, facts } };
    this.parts.tell(body);
  }

  /** A result of an attempt that the ledger never heard of: the charge must be kept for a person. */
  tellOfStranger(terminalId: string, amount: number): void {
    if (this.reverses(terminalId)) return;
    this.told += 1;
    const { random, scheduler, bank, auditor } = this.parts;
    const now = scheduler.nowMs();
    const { rrn, authorisationCode } = bank.foreignSale(terminalId, amount);
    const id = (prefix: 'att' | 'pay' | 'res' | 'worker' | 'nonce'): string => newId(prefix, now, random.bytes);
    const outcome = { kind: 'approved', chargedMinor: amount, facts: { ...noBankFacts, rrn, authorisationCode } } as const;
    const ids = { resultId: id('res'), attemptId: id('att'), paymentId: id('pay'), workerId: id('worker'), nonce: id('nonce') };
    const body: AttemptResult = { ...ids, siteId, terminalId, outcome, readFailures: 0, source: 'answer', at: new Date(now).toISOString() };
    auditor.strays.add(body.resultId);
    this.parts.tell(body);
  }

  /** Whether a reversal is under way: what this terminal did last must not change behind its back. */
  private reverses(terminalId: string): boolean {
    const open: readonly string[] = ['queued', 'granted', 'unknown'];
    return [...this.parts.store.books.attempts.values()].some(
      ({ shown }) => shown.operation === 'reversal' && shown.terminalId === terminalId && open.includes(shown.status),
    );
  }

  /** What the bank does after all; null for a reversal: whatever the terminal did last has changed. */
  private bookLate({ shown, original }: AttemptRecord): BankAnswer | null {
    const { bank, auditor } = this.parts;
    const order = { terminalId: shown.terminalId, amountMinor: shown.amount, reference: auditor.referenceOf(shown.id) };
    if (shown.operation === 'sale') return bank.sale({ ...order, card: 'ok' });
    if (shown.operation === 'reversal' || !original) return null;
    return bank[shown.operation]({ ...order, rrn: original.rrn });
  }
}
