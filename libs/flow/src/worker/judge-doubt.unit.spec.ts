import { noBankFacts, type PaymentCommand, type TerminalKnowledge, type TerminalRecord } from '@kkm/core';
import { judgeLast, judgeReport, terminalTimeMs, type DoubtFacts, type Judgement, type TerminalReport, type TerminalView } from './judge-doubt';

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
/** The morning's sale was the last that the ledger knew before the permit. */
const morning: TerminalRecord = {
  operation: 'sale',
  amountMinor: 9_900,
  rrn: '828913349370',
  authorisationCode: '247620',
  bankTerminalId: '00266286',
  reference: null,
  terminalTime: '20261123090000',
  approved: true,
  facts: noBankFacts,
};
const plain: TerminalRecord = { ...morning, amountMinor: 15_000, rrn: '828913349373', authorisationCode: '247629', terminalTime: '20261123142945' };
const named: TerminalRecord = { ...plain, reference: '123456789' };
const foreign: TerminalRecord = { ...plain, rrn: '828913349379', amountMinor: 15_001, terminalTime: '20261123142955' };

const knowledge: TerminalKnowledge = {
  known: ['828913349370'],
  baseline: { bankTerminalId: '00266286', serialNumber: 'Q2500000001' },
  anchor: { kind: 'operation', rrn: '828913349370' },
};
const facts: DoubtFacts = {
  command,
  reference: '123456789',
  sinceGrantMs: 30_000,
  windowMs: 480_000,
  toleranceMs: 60_000,
  lateWriteMs: 0,
  knowledge,
  isTaken: () => false,
};
const report = (operations: readonly TerminalRecord[] | null): TerminalReport => ({
  kind: 'report',
  text: '',
  operations,
  since: '20261123080000',
  bankTerminalId: '00266286',
  serialNumber: 'Q2500000001',
});
const view = (operations: readonly TerminalRecord[] | null, change: Partial<TerminalView> = {}): TerminalView => ({
  bankTerminalId: '00266286',
  terminalNow: '20261123143000',
  last: operations?.at(-1) ?? null,
  report: report(operations),
  ...change,
});
const judge = (operations: readonly TerminalRecord[] | null, change: Partial<DoubtFacts> = {}, seen: Partial<TerminalView> = {}): Judgement =>
  judgeReport(view(operations, seen), { ...facts, ...change });

describe('the last receipt alone', () => {
  const kind = (record: Partial<TerminalRecord>, change: Partial<DoubtFacts> = {}): string =>
    judgeLast(view([{ ...named, ...record }], { report: null }), { ...facts, ...change }).kind;

  it('settles it when it carries our reference: no report, time or equal amount is needed', () => {
    expect([kind({}), kind({ terminalTime: null, rrn: null }), kind({ amountMinor: 9_000 })]).toEqual(['ours', 'ours', 'ours']);
  });

  it.each<[string, Partial<TerminalRecord>]>([
    ['another reference', { reference: '999999999' }],
    ['no reference', { reference: null }],
    ['a higher amount', { amountMinor: 15_001 }],
    ['another terminal', { bankTerminalId: '00266287' }],
    ['no approval', { approved: false }],
    ['another kind', { operation: 'void' }],
  ])('does not when it shows %s', (_what, record) => {
    expect(kind(record)).toBe('open');
  });

  it('does not when its RRN belongs to another attempt', () => {
    expect(kind({}, { isTaken: () => true })).toBe('open');
  });
});

describe('a report with references', () => {
  it('shows our operation, also when others came after it', () => {
    const judged = judge([morning, named, { ...foreign, reference: null }]);
    expect(judged).toMatchObject({ kind: 'ours', record: { rrn: named.rrn } });
  });

  it('gives the receipt’s account of it, which says more', () => {
    const last = { ...named, facts: { ...noBankFacts, slip: 'a slip' } };
    expect(judge([morning, named], {}, { last })).toMatchObject({ kind: 'ours', record: { facts: { slip: 'a slip' } } });
  });

  it('does not let an operation without our reference be ours, whatever its amount', () => {
    expect(judge([{ ...morning, reference: '111111111' }, plain]).kind).toBe('open');
  });

  it('does not choose between two', () => {
    expect(judge([named, { ...named, rrn: '828913349374' }]).kind).toBe('open');
  });
});

describe('a report without references', () => {
  it('shows our operation when it is the only one that nobody knows, and everything fits', () => {
    expect(judge([morning, plain])).toMatchObject({ kind: 'ours', record: { rrn: plain.rrn } });
  });

  it('does not when somebody else’s operation came since', () => {
    expect(judge([morning, plain, foreign]).kind).toBe('open');
    expect(judge([morning, foreign]).kind).toBe('open');
  });

  it.each<[string, Partial<TerminalRecord>, Partial<TerminalView>]>([
    ['of another kind', { operation: 'void' }, {}],
    ['of no known kind', { operation: null }, {}],
    ['of a lower amount', { amountMinor: 14_999 }, {}],
    ['without an amount', { amountMinor: null }, {}],
    ['of another bank terminal', { bankTerminalId: '00266287' }, {}],
    ['when the link test named no terminal', { bankTerminalId: null }, { bankTerminalId: null }],
    ['without an RRN', { rrn: null }, {}],
    ['without a time', { terminalTime: null }, {}],
    ['from before the permit', { terminalTime: '20261123142700' }, {}],
    ['from the future', { terminalTime: '20261123143200' }, {}],
    ['when the terminal’s clock is not known', {}, { terminalNow: null }],
  ])('does not for one %s', (_what, record, seen) => {
    expect(judge([morning, { ...plain, ...record }], {}, seen).kind).toBe('open');
  });

  it('does not for one keyed in long after the attempt could have been driven', () => {
    const sinceGrantMs = 1_200_000;
    expect(judge([morning, plain], { sinceGrantMs }).kind).toBe('open');
    expect(judge([morning, { ...plain, terminalTime: '20261123141100' }], { sinceGrantMs }).kind).toBe('ours');
  });

  it('does not mind an operation from before the permit that nobody knows', () => {
    expect(judge([{ ...morning, rrn: '828913349371' }, plain]).kind).toBe('ours');
  });
});

describe('absence', () => {
  it('proves that nothing was charged when the report reaches back and holds nothing unknown', () => {
    expect(judge([morning])).toEqual({ kind: 'not-charged' });
    expect(judge([], { knowledge: { ...knowledge, known: [], anchor: { kind: 'period', since: '20261123080000' } } })).toEqual({ kind: 'not-charged' });
  });

  it.each<[string, Partial<DoubtFacts>, readonly TerminalRecord[] | null]>([
    ['the report cannot be read', {}, null],
    ['the ledger was not asked', { knowledge: null }, [morning]],
    ['no report was recorded before the permit', { knowledge: { ...knowledge, baseline: null, anchor: null } }, [morning]],
    ['the newest operation before the permit is not in it', {}, []],
    ['its period began after the one recorded', { knowledge: { ...knowledge, anchor: { kind: 'period', since: '20261122080000' } } }, [morning]],
    ['it is of another device', { knowledge: { ...knowledge, baseline: { bankTerminalId: '00266286', serialNumber: 'Q2500000002' } } }, [morning]],
    ['it is of another bank terminal', { knowledge: { ...knowledge, baseline: { bankTerminalId: '00266287', serialNumber: 'Q2500000001' } } }, [morning]],
    ['it holds an operation of another amount', {}, [morning, { ...plain, amountMinor: 100 }]],
    ['it holds an operation from before the permit', {}, [morning, { ...morning, rrn: '828913349371' }]],
    ['it holds an operation without an RRN', {}, [morning, { ...plain, rrn: null }]],
  ])('proves nothing when %s', (_what, change, operations) => {
    expect(judge(operations, change).kind).toBe('open');
  });

  it('proves nothing while bytes may still arrive, and says how long', () => {
    expect(judge([morning], { lateWriteMs: 7_000 })).toMatchObject({ kind: 'open', retryAfterMs: 7_000 });
  });

  it('counts what this worker knows before the ledger does', () => {
    expect(judge([morning, plain], { isTaken: (rrn) => rrn === plain.rrn })).toEqual({ kind: 'not-charged' });
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

describe('a return in doubt', () => {
  const original = { attemptId: 'att-0', rrn: '828913349370', authorisationCode: '247620' };
  const charge: TerminalRecord = { ...morning, amountMinor: 15_000 };
  const asked = (operation: 'void' | 'refund' | 'reversal'): DoubtFacts => ({ ...facts, command: { ...command, operation, original } });
  const voided: TerminalRecord = { ...plain, operation: 'void' };
  const underSameRrn: TerminalRecord = { ...voided, rrn: original.rrn };

  it('is known by kind, amount and time, or by our reference', () => {
    expect(judge([charge, voided], asked('void'))).toEqual({ kind: 'ours', record: voided });
    const ofOurs = { ...voided, reference: '123456789' };
    expect(judge([{ ...charge, reference: '1' }, ofOurs], asked('void'))).toEqual({ kind: 'ours', record: ofOurs });
    expect(judge([charge, { ...voided, operation: 'sale' }], asked('void')).kind).toBe('open');
    expect(judge([charge, { ...voided, amountMinor: 14_999 }], asked('void')).kind).toBe('open');
  });

  it('is found where the bank books it under the RRN of its charge', () => {
    const taken = { ...asked('void'), isTaken: (rrn: string) => rrn === original.rrn };
    expect(judge([charge, underSameRrn], taken)).toEqual({ kind: 'ours', record: underSameRrn });
    expect(judge([charge, underSameRrn], taken, { last: charge })).toEqual({ kind: 'ours', record: underSameRrn });
  });

  it('is not taken for an earlier one of the same charge', () => {
    const earlier: TerminalRecord = { ...underSameRrn, operation: 'refund', terminalTime: '20261123120000' };
    expect(judge([charge, earlier], asked('refund'))).toEqual({ kind: 'not-charged' });
    expect(judge([charge, earlier, { ...earlier, terminalTime: '20261123142950' }], asked('refund'))).toMatchObject({
      kind: 'ours',
      record: { terminalTime: '20261123142950' },
    });
  });

  it('is proved not made by a report that shows its charge and nothing that nobody knows', () => {
    for (const operation of ['void', 'refund', 'reversal'] as const) expect(judge([charge], asked(operation))).toEqual({ kind: 'not-charged' });
  });

  it('is told by the report alone when it is a reversal, which carries no reference', () => {
    const reversed: TerminalRecord = { ...plain, operation: 'reversal' };
    expect(judgeLast(view([{ ...reversed, reference: '123456789' }]), asked('reversal')).kind).toBe('open');
    expect(judge([{ ...charge, reference: '1' }, reversed], asked('reversal'))).toEqual({ kind: 'ours', record: reversed });
  });
});
