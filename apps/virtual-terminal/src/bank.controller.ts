import { Controller, Get, Inject } from '@nestjs/common';
import type { BankTotals, BankTransaction } from '@kkm/drivers/terminals';
import { Counter } from './counter';

/** The fake bank's own books: what moved money and nothing else. The oracle of every test of lost or doubled money. */
@Controller('bank')
export class BankController {
  constructor(@Inject(Counter) private readonly counter: Counter) {}

  /** Every transaction, oldest first. */
  @Get('transactions')
  transactions(): { readonly transactions: readonly BankTransaction[] } {
    return { transactions: this.counter.bank.transactions() };
  }

  /** Sums of all and by terminal. */
  @Get('totals')
  totals(): { readonly all: BankTotals; readonly terminals: Readonly<Record<string, BankTotals>> } {
    return this.counter.bank.totals();
  }
}
