import { noBankFacts, type PaymentCommand, type TerminalRecord } from '@kkm/core';
import { matchRecord, needsReport, terminalTimeMs, type MatchFacts } from './match-record';

const command: PaymentCommand = {
  attemptId: 'att-1',
  paymentId: 'pay-1',
  siteId: 'club-1',
  terminalId: 'pax-1',
  operation: 'sale',
  method: 'card',
  amount: 15_000,
  currency: 'RUB',
  expiresAt: '',
  original: null,
};
const facts: MatchFacts = {
  command,
  reference: '123456789',
  sinceGrantMs: 30_000,
  bankTerminalId: '00266286',
  terminalNow: '20261123143000',
  toleranceMs: 60_000,
  isTaken: () => false,
};
const plain: TerminalRecord = {
  operation: 'sale',
  amountMinor: 15_000,
  rrn: '828913349373',
  authorisationCode: '247629',
  bankTerminalId: '00266286',
  reference: null,
  terminalTime: '20261123142945',
  approved: true,
  facts: noBankFacts,
};
const named: TerminalRecord = { ...plain, reference: '123456789' };

const verdict = (record: Partial<TerminalRecord>, change: Partial<MatchFacts> = {}, others: readonly TerminalRecord[] | null = []): string => {
  const told = { ...plain, ...record };
  return matchRecord(told, others && [...others, told], { ...facts, ...change }).kind;
};

describe('matching by facts', () => {
  it('takes the operation whose amount, terminal, time and fresh RRN fit, with nothing foreign in between', () => {
    expect(verdict({})).toBe('ours');
  });

  it.each<[string, Partial<TerminalRecord>, Partial<MatchFacts>]>([
    ['not approved', { approved: false }, {}],
    ['a void', { operation: 'void' }, {}],
    ['of no known kind', { operation: null }, {}],
    ['of another amount', { amountMinor: 14_999 }, {}],
    ['without an amount', { amountMinor: null }, {}],
    ['of another bank terminal', { bankTerminalId: '00266287' }, {}],
    ['without a bank terminal', { bankTerminalId: null }, {}],
    ['when the link test named no terminal', { bankTerminalId: null }, { bankTerminalId: null }],
    ['without an RRN', { rrn: null }, {}],
    ['with an RRN of another attempt', {}, { isTaken: () => true }],
    ['without a time', { terminalTime: null }, {}],
    ['from before the permit', { terminalTime: '20261123142700' }, {}],
    ['from the future', { terminalTime: '20261123143200' }, {}],
    ['when the terminal’s clock is not known', {}, { terminalNow: null }],
  ])('does not take one %s', (_what, record, change) => {
    expect(verdict(record, change)).toBe('open');
  });

  it('does not take it when the report cannot be read, or does not show it', () => {
    expect(verdict({}, {}, null)).toBe('open');
    expect(matchRecord(plain, [], facts).kind).toBe('open');
  });

  it.each([
    ['another operation since the permit', { rrn: '828913349372', terminalTime: '20261123142950' }, 'open'],
    ['another operation without a time', { rrn: '828913349372', terminalTime: null }, 'open'],
    ['another operation without an RRN', { rrn: null }, 'open'],
    ['an operation of the morning', { rrn: '828913349372', terminalTime: '20261123090000' }, 'ours'],
  ])('with %s in the report it is %s', (_what, other, expected) => {
    expect(verdict({}, {}, [{ ...plain, ...other }])).toBe(expected);
  });

  it('does not mind an operation that belongs to another attempt', () => {
    const earlier = { ...plain, rrn: '828913349372', amountMinor: 100 };
    expect(verdict({}, { isTaken: (rrn) => rrn === earlier.rrn }, [earlier])).toBe('ours');
  });
});

describe('matching by reference', () => {
  const byReference = (record: Partial<TerminalRecord>, change: Partial<MatchFacts> = {}): string =>
    matchRecord({ ...named, ...record }, null, { ...facts, ...change }).kind;

  it('needs no report, no time and no equal amount', () => {
    expect(needsReport(named)).toBe(false);
    expect(byReference({ terminalTime: null, rrn: null })).toBe('ours');
    expect(byReference({ amountMinor: 9_000 })).toBe('ours');
  });

  it.each<[string, Partial<TerminalRecord>]>([
    ['another reference', { reference: '999999999' }],
    ['a higher amount', { amountMinor: 15_001 }],
    ['another terminal', { bankTerminalId: '00266287' }],
    ['no approval', { approved: false }],
  ])('does not take an operation with %s', (_what, record) => {
    expect(byReference(record)).toBe('open');
  });

  it('does not take one whose RRN belongs to another attempt', () => {
    expect(byReference({}, { isTaken: () => true })).toBe('open');
  });
});

describe('a terminal’s time', () => {
  it('is good for differences', () => {
    expect((terminalTimeMs('20270101000005') ?? 0) - (terminalTimeMs('20261231235955') ?? 0)).toBe(10_000);
  });

  it.each([null, '', '2026112314300', '2026-11-23 14:30'])('is unknown when it is not one: %s', (text) => {
    expect(terminalTimeMs(text)).toBeNull();
  });
});
