import type { Attempt, Payment } from '@kkm/core';
import { compareBooks } from './verdict';

const attempt = (rrn: string): Attempt => ({ status: 'approved', rrn }) as Attempt;
const payment = (rrn: string, chargedAmount: number): Payment => ({ attempts: [attempt(rrn)], chargedAmount }) as unknown as Payment;
const entry = (rrn: string, amount: number, reversed = false) => ({ rrn, amount, reversed, kind: 'sale' });

describe('the verdict of the demo', () => {
  it('is good when both books hold the same charges', () => {
    expect(compareBooks([payment('1', 15_000), payment('2', 25_050)], [entry('2', 25_050), entry('1', 15_000)])).toMatchObject({ agree: true });
  });

  it.each([
    ['the bank charged something the ledger does not know', [entry('1', 15_000), entry('9', 15_000)]],
    ['the ledger knows a charge the bank does not', []],
    ['the amounts differ', [entry('1', 14_000)]],
    ['the charge was taken back', [entry('1', 15_000, true)]],
  ])('is bad when %s', (_, books) => {
    expect(compareBooks([payment('1', 15_000)], books).agree).toBe(false);
  });
});
