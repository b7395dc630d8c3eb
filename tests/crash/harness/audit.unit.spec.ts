import type { Attempt, Payment, Resolution } from '@kkm/core';
import type { BankTransaction } from '../../e2e/harness/virtual-terminal';
import { faultsOf, moneyFaultsOf } from './audit';
import type { Rest } from './audit';

const sale: BankTransaction = { rrn: '000000000001', terminalId: 'pax-1', kind: 'sale', amount: 15_000, reversed: false, foreign: false };
const attempt = { id: 'att-1', operation: 'sale', status: 'approved', rrn: sale.rrn, resolvedBy: null } as Attempt;
const charged = {
  id: 'pay-1',
  status: 'succeeded',
  chargedAmount: 15_000,
  refundedAmount: 0,
  redoable: false,
  closedAt: null,
  attempts: [attempt],
} as unknown as Payment;
const declined = { ...charged, status: 'declined', chargedAmount: 0, redoable: true, attempts: [{ ...attempt, status: 'declined', rrn: null }] } as Payment;
const awaited = { terminal: 'awaited' } as Resolution;
const postings = [
  { entry: 'res-1', account: 'acquirer', amount: 15_000 },
  { entry: 'res-1', account: 'sales', amount: -15_000 },
];
const pages = { charges: [{ amount: 15_000, rrn: sale.rrn, disposition: 'kept' }], postings, events: ['evt-1'] };
const good: Rest = { payment: charged, mayBeMissing: false, refundMinor: 0, bank: [sale], pages, heard: new Set(['evt-1']) };
const uncharged: Rest = { ...good, payment: declined, bank: [], pages: { ...pages, charges: [], postings: [] } };

describe('the audit of a payment at rest', () => {
  it('finds nothing where bank and ledger agree', () => {
    expect([faultsOf(good), faultsOf(uncharged), faultsOf({ ...uncharged, payment: null, mayBeMissing: true })]).toEqual([[], [], []]);
  });

  it('lets a closed payment be redone no more', () => {
    expect(moneyFaultsOf({ ...uncharged, payment: { ...declined, redoable: false, closedAt: '2026-01-01T00:00:00.000Z' } })).toEqual([]);
  });

  it.each<[string, Rest]>([
    ['charged 2 times', { ...good, bank: [sale, { ...sale, rrn: '000000000002' }] }],
    ['the ledger has a charge, the bank 0', { ...good, bank: [] }],
    ['the ledger has 15000, the bank 14000', { ...good, bank: [{ ...sale, amount: 14_000 }] }],
    ['retrieval references differ', { ...good, bank: [{ ...sale, rrn: '000000000002' }] }],
    ['more than one attempt is approved', { ...good, payment: { ...charged, attempts: [attempt, attempt] } }],
    ['declined, and the bank has the money', { ...uncharged, bank: [sale] }],
    ['cannot be redone', { ...uncharged, payment: { ...declined, redoable: false } }],
    ['in_doubt at rest', { ...uncharged, payment: { ...declined, status: 'in_doubt' } }],
    ['the request was lost', { ...uncharged, payment: null }],
    ['money of a payment that nobody knows', { ...good, payment: null, mayBeMissing: true }],
    ['the terminal was not asked after a person decided', { ...good, payment: { ...charged, attempts: [{ ...attempt, resolvedBy: awaited }] } }],
    ['late money is not decided about', { ...good, pages: { ...pages, charges: [...pages.charges, { amount: 15_000, rrn: null, disposition: 'undecided' }] } }],
    ['the charges are not', { ...good, pages: { ...pages, charges: [] } }],
    ['the ledger has given back 0, the bank 100', { ...good, bank: [sale, { ...sale, rrn: '000000000002', kind: 'refund', amount: 100 }] }],
    ['100 were to be given back, and 0 were', { ...good, refundMinor: 100 }],
    [
      'a return has not ended',
      { ...good, payment: { ...charged, attempts: [attempt, { ...attempt, operation: 'refund', status: 'granted', finishedAt: null }] } },
    ],
    ['the postings do not balance', { ...good, pages: { ...pages, postings: postings.slice(0, 1) } }],
    ['the postings are not of', { ...good, pages: { ...pages, postings: [] } }],
    ['1 of 1 events were never published', { ...good, heard: new Set() }],
  ])('says: %s', (what, rest) => {
    expect(faultsOf(rest).join('; ')).toContain(what);
  });
});
