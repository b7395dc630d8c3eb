import fc from 'fast-check';
import type { BankTransaction } from '../kit/fake-bank';
import { readFullReport } from './report';
import { reportText } from './terminal-texts';

const identity = { terminalId: 'pax-1', bankTerminalId: '20250001', merchantId: '111111111', serialNumber: 'Q2500000001' };
const since = '20260115090000';

function operation(number: number, changes: Partial<BankTransaction> = {}): { transaction: BankTransaction; time: string } {
  const rrn = String(700_000_000_000 + number);
  const transaction: BankTransaction = {
    rrn,
    authorisationCode: '123456',
    terminalId: 'pax-1',
    channel: 'terminal',
    kind: 'sale',
    amount: 100 + number,
    reversed: false,
    foreign: false,
    at: '',
    reference: String(100_000_000 + number),
    ...changes,
  };
  return { transaction, time: '20260115101112' };
}

function printed(count: number, withReferences = false): string {
  return reportText(
    Array.from({ length: count }, (_, at) => operation(at)),
    identity,
    { since, withReferences },
  ).slice(6, -1);
}

describe('readFullReport', () => {
  it('reads every operation, oldest first', () => {
    const text = reportText([operation(1), operation(2, { kind: 'refund' }), operation(3, { kind: 'reversal' }), operation(4, { kind: 'void' })], identity, {
      since,
      withReferences: false,
    });
    const report = readFullReport(text.slice(6, -1));
    expect(report).toMatchObject({ since, bankTerminalId: '20250001', serialNumber: 'Q2500000001' });
    expect(report.operations?.map(({ operation: kind, amountMinor, rrn, reference }) => [kind, amountMinor, rrn, reference])).toEqual([
      ['sale', 101, '700000000001', null],
      ['refund', 102, '700000000002', null],
      ['reversal', 103, '700000000003', null],
      ['void', 104, '700000000004', null],
    ]);
    expect(report.operations?.[0]).toMatchObject({ approved: true, terminalTime: '20260115101112', authorisationCode: '123456', bankTerminalId: '20250001' });
  });

  it('reads references where they are printed', () => {
    expect(readFullReport(printed(2, true)).operations?.map(({ reference }) => reference)).toEqual(['100000000', '100000001']);
  });

  it('says "none" only when the report says so', () => {
    expect(readFullReport(printed(0)).operations).toEqual([]);
    expect(readFullReport('').operations).toBeNull();
  });

  it('reads ten thousand operations', () => {
    expect(readFullReport(printed(10_001)).operations).toHaveLength(10_001);
  });

  it.each([
    ['a line is missing', (text: string) => text.replace(/0002 .*\r\n/, '')],
    ['the count differs', (text: string) => text.replace('ОПЕРАЦИЙ: 3', 'ОПЕРАЦИЙ: 4')],
    ['the end is cut off', (text: string) => text.slice(0, -30)],
    ['a line is strange', (text: string) => text.replace('0002 ОПЛАТА', '0002 НАЛИЧНЫЕ')],
    ['a line is out of order', (text: string) => text.replace('0002 ОПЛАТА', '0003 ОПЛАТА')],
    ['something follows', (text: string) => `${text}\r\nЕЩЕ`],
    ['the header is strange', (text: string) => text.replace('ЗАВ. №', 'ЗАВОД')],
    ['the terminal is not named', (text: string) => text.replace(/ТЕРМИНАЛ: \d+\r\n/, '')],
    ['an amount has no kopecks', (text: string) => text.replace('1.01 ', '1 ')],
  ])('proves nothing when %s', (_what, spoil) => {
    expect(readFullReport(spoil(printed(3)))).toEqual({ operations: null, since: null, bankTerminalId: null, serialNumber: null });
  });

  it('never reads a cut report as shorter', () => {
    const text = printed(5);
    fc.assert(fc.property(fc.nat(text.trimEnd().length - 1), (length) => readFullReport(text.slice(0, length)).operations === null));
  });
});
