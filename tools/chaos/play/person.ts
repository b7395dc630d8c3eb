import type { Attempt, Payment } from '@kkm/core';
import { pause } from '../../bench/measure/clock';
import type { BankTransaction } from '../count/facts';
import { isUsedByHand, personalityOf } from '../plan/counter-plan';
import type { Caller } from './caller';
import type { Counter } from './counter';
import type { PaymentFeed } from './payment-feed';

const lookEveryMs = 2_000;
/** Recovery has had its time by then. */
const patienceMs = 15_000;

/** What a person looks at and works with. */
export interface PersonParts {
  readonly caller: Caller;
  readonly feed: PaymentFeed;
  readonly counter: Counter;
  /** An attempt's id as the bank's list shows it. */
  readonly referenceOf: (attemptId: string) => string;
}

/**
 * The manager of the café, who decides the doubts that are a person's by design (design chapter 4): at terminals where somebody has keyed in sales by hand,
 * and of a partial approval whose answer was lost on a terminal that gives slip text alone. Reads the bank's list, as a manager would, and writes down
 * what it says.
 */
export class Person {
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: PersonParts) {}

  /** Begins to look. */
  start(): void {
    this.running = this.keepLooking();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async keepLooking(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await pause(lookEveryMs);
    }
  }

  private async look(): Promise<void> {
    const doubtful = this.parts.feed.payments().flatMap((payment) => this.longInDoubt(payment));
    if (doubtful.length === 0) return;
    const list = await this.parts.counter.transactions();
    for (const { payment, attempt } of doubtful) {
      const sale = this.saleOf(attempt, list);
      if (isForAPerson(attempt, list, sale)) await this.decide(payment, attempt, sale);
    }
  }

  private longInDoubt(payment: Payment): readonly { readonly payment: Payment; readonly attempt: Attempt }[] {
    const attempt = payment.attempts.find(({ status }) => status === 'unknown');
    const since = attempt && this.parts.feed.inDoubtSince().get(attempt.id);
    return attempt && since !== undefined && Date.now() - since >= patienceMs ? [{ payment, attempt }] : [];
  }

  private saleOf(attempt: Attempt, list: readonly BankTransaction[]): BankTransaction | undefined {
    const reference = this.parts.referenceOf(attempt.id);
    return list.find((row) => row.kind === 'sale' && !row.reversed && row.reference === reference);
  }

  private async decide({ id }: Payment, attempt: Attempt, sale: BankTransaction | undefined): Promise<void> {
    const found = sale ? { charged: true, chargedAmount: sale.amount } : { charged: false };
    const evidence = sale ? `The bank's list has the sale with RRN ${sale.rrn}.` : "The bank's list has no such sale.";
    await this.parts.caller.resolve(id, { ...found, evidence, attemptId: attempt.id });
  }
}

/** Somebody's own sales are among the terminal's operations, or the slip shows an amount that nobody asked for: KKM cannot tell whose the operation is. */
function isForAPerson({ terminalId, amount }: Attempt, list: readonly BankTransaction[], sale: BankTransaction | undefined): boolean {
  const byHand = isUsedByHand(terminalId) && list.some((row) => row.foreign && row.terminalId === terminalId);
  return byHand || (personalityOf(terminalId) === 'plain' && sale !== undefined && sale.amount !== amount);
}
