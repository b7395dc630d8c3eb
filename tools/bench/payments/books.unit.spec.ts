import type { Payment } from '@kkm/core';
import { compareBooks } from './books';
import type { BankTransaction } from './books';

describe('compareBooks', () => {
  it('finds nothing when each charge is known to both sides once', () => {
    expect(compareBooks([charged('pay_1', '001', 100), declined('pay_2')], [sale('001', 100)])).toEqual({ notAtBank: [], lost: [], doubled: [] });
  });

  it('names a sale of the bank that no payment claims', () => {
    expect(compareBooks([declined('pay_1')], [sale('001', 100)])).toEqual({ notAtBank: [], lost: ['pax-1 100'], doubled: [] });
  });

  it('names a payment that the bank does not know, or knows with another amount', () => {
    expect(compareBooks([charged('pay_1', '001', 100)], [])).toMatchObject({ notAtBank: ['pay_1'] });
    expect(compareBooks([charged('pay_1', '001', 100)], [sale('001', 101)])).toMatchObject({ notAtBank: ['pay_1'], lost: ['pax-1 101'] });
  });

  it('names a payment that claims the sale of another one', () => {
    expect(compareBooks([charged('pay_1', '001', 100), charged('pay_2', '001', 100)], [sale('001', 100)])).toMatchObject({ notAtBank: ['pay_2'] });
  });

  it('names a bill that was charged twice', () => {
    expect(compareBooks([charged('pay_1', '001', 100)], [sale('001', 100), sale('002', 100)])).toEqual({
      notAtBank: [],
      lost: ['pax-1 100'],
      doubled: ['pax-1 100'],
    });
  });

  it('leaves reversed and foreign sales, voids and refunds aside', () => {
    const others = [
      { ...sale('001', 100), reversed: true },
      { ...sale('002', 100), foreign: true },
      { ...sale('003', 100), kind: 'refund' as const },
    ];
    expect(compareBooks([], others)).toEqual({ notAtBank: [], lost: [], doubled: [] });
  });
});

function sale(rrn: string, amount: number): BankTransaction {
  return { rrn, terminalId: 'pax-1', kind: 'sale', amount, reversed: false, foreign: false, at: '2026-01-01T00:00:00.000Z' };
}

function charged(id: string, rrn: string, chargedAmount: number): Payment {
  return { id, chargedAmount, attempts: [{ operation: 'sale', status: 'approved', rrn }] } as unknown as Payment;
}

function declined(id: string): Payment {
  return { id, chargedAmount: 0, attempts: [{ operation: 'sale', status: 'declined', rrn: null }] } as unknown as Payment;
}
