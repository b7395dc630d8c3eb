import type { KkmCommand, KkmWish } from '@kkm/core';
import fc from 'fast-check';
import { doorText, doorTexts } from './door-texts';
import { readCommand } from './read-command';

const command = (body: unknown): KkmCommand => {
  const read = readCommand(body);
  if (read.kind !== 'command') throw new Error(JSON.stringify(read));
  return read.command;
};
type WishOf<K, W = KkmWish> = W extends { readonly kind: infer J } ? (K extends J ? W : never) : never;
const wish = <K extends KkmWish['kind']>(kind: K, members: object): WishOf<K> => command({ Command: kind, ...members }).wish as WishOf<K>;
const errorOf = (body: unknown): string => {
  const read = readCommand(body);
  return read.kind === 'refused' || read.kind === 'unknown' ? read.error : '';
};
const waitOf = (members: object): number | null => {
  const read = readCommand({ Command: 'List', ...members });
  return read.kind === 'command' ? read.waitMs : null;
};

describe('the envelope of a command', () => {
  it('is read whatever the case and type of its members', () => {
    const read = command({
      COMMAND: 'paybypaymentcard',
      numdevice: '14',
      idCommand: 'a-1',
      CashierVatin: 7701234567,
      cashierName: 'Анна',
      amount: '100.00',
      InnKkm: null,
    });
    expect(read).toEqual({
      name: 'PayByPaymentCard',
      idCommand: 'a-1',
      unit: { numDevice: 14, innKkm: null, kktNumber: null, idDevice: null },
      cashier: { name: 'Анна', vatin: '7701234567' },
      wish: { kind: 'PayByPaymentCard', amount: 10_000, receiptNumber: null },
    });
  });

  it('counts null, empty and missing members as left out', () => {
    const read = command({ Command: 'List', NumDevice: '', IdCommand: '', KktNumber: null, IdDevice: '' });
    expect([read.idCommand, read.unit]).toEqual([null, { numDevice: 0, innKkm: null, kktNumber: null, idDevice: null }]);
  });

  it('keeps ids as they are, of any length that clients send', () => {
    for (const id of ['x', 'PAY_4111111111111111', ' spaced ', 'd'.repeat(60), '0'.repeat(255)])
      expect(command({ Command: 'List', IdCommand: id }).idCommand).toBe(id);
    expect(errorOf({ Command: 'List', IdCommand: 'x'.repeat(256) })).toContain('IdCommand');
  });

  it('takes the later of two members that differ in case', () => {
    const body: unknown = JSON.parse('{"Command":"List","IdCommand":"one","idCommand":"two"}');
    expect(command(body).idCommand).toBe('two');
  });

  it.each([
    [{}, 60_000],
    [{ Timeout: 0 }, 60_000],
    [{ Timeout: null }, 60_000],
    [{ Timeout: 1 }, 0],
    [{ Timeout: '1' }, 0],
    [{ Timeout: 2 }, 2_000],
    [{ timeout: '120' }, 120_000],
    [{ Timeout: 1e9 }, 900_000],
    [{ Timeout: -1 }, null],
    [{ Timeout: 'soon' }, null],
  ])('waits with %j for %s ms', (members, ms) => expect(waitOf(members)).toBe(ms));

  it('is the same request however long its client waits', () => {
    expect(command({ Command: 'XReport', IdCommand: 'x', Timeout: 1 })).toEqual(command({ Command: 'XReport', IdCommand: 'x', Timeout: 120 }));
  });

  it('knows both spellings of GetCounters, and answers in the one asked', () => {
    expect(command({ Command: 'GetCounters' })).toMatchObject({ name: 'GetCounters', wish: { task: { kind: 'GetCounters' } } });
    expect(command({ Command: 'GetСounters' })).toMatchObject({ name: 'GetСounters', wish: { task: { kind: 'GetCounters' } } });
  });

  it('tells a command nobody knows from one that cannot be read', () => {
    expect(readCommand({ Command: 'MakeCoffee', IdCommand: 'c' })).toMatchObject({ kind: 'unknown', name: 'MakeCoffee', idCommand: 'c' });
    expect(readCommand({ Command: 'KkmRegOfd' }).kind).toBe('unknown');
    expect(readCommand({ Command: 'toString' }).kind).toBe('unknown');
    for (const body of [null, 5, 'x', [], [{ Command: 'List' }], {}, { Command: 7 }, { Command: { a: 1 } }, { Command: null }])
      expect(['refused', 'unknown']).toContain(readCommand(body).kind);
  });
});

describe('amounts', () => {
  const amountOf = (amount: unknown) => {
    const read = readCommand({ Command: 'PayByPaymentCard', Amount: amount });
    return read.kind === 'command' && read.command.wish.kind === 'PayByPaymentCard' ? read.command.wish.amount : null;
  };

  it('are read to the kopeck, as numbers and as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (minor) => {
        const written = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect([amountOf(JSON.parse(written)), amountOf(written), amountOf(`${written}00`), amountOf(minor / 100)]).toEqual([minor, minor, minor, minor]);
      }),
      { numRuns: 300 },
    );
  });

  it('are never changed by a third decimal, which is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 1, max: 9 }), (minor, third) => {
        const written = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}${third}`;
        expect([amountOf(JSON.parse(written)), amountOf(written)]).toEqual([null, null]);
      }),
    );
  });

  it('forgive what adding up in binary fractions leaves behind', () => {
    expect([0.1 + 0.2, 1.1 * 3, 100.1 + 200.2].map(String)).toEqual(['0.30000000000000004', '3.3000000000000003', '300.29999999999995']);
    expect([amountOf(0.1 + 0.2), amountOf(1.1 * 3), amountOf(100.1 + 200.2)]).toEqual([30, 330, 30_030]);
    // The decimals of this one pass the check digit of cards.
    expect([String(0.16 + 0.01 + 0.01), amountOf(0.16 + 0.01 + 0.01)]).toEqual(['0.18000000000000002', 18]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 50 }), (parts) => {
        const minor = parts.reduce((all, part) => all + part, 0);
        expect(amountOf(parts.reduce((all, part) => all + part / 100, 0))).toBe(minor <= 99_999_999 ? minor : null);
      }),
    );
  });

  it.each([
    0,
    -0,
    -1,
    -0.01,
    0.001,
    150.0000004,
    1e6,
    1e300,
    1e400,
    NaN,
    '100,00',
    '1e3',
    '0x10',
    '-5',
    '+5',
    '.5',
    '5.',
    '1 000',
    'NaN',
    '',
    null,
    true,
    [5],
    { a: 5 },
  ])('refuse %j', (amount) => {
    expect(amountOf(amount)).toBeNull();
    expect(errorOf({ Command: 'PayByPaymentCard', Amount: amount })).not.toBe('');
  });

  it('say which member is wrong, and what it should be', () => {
    expect(errorOf({ Command: 'PayByPaymentCard', Amount: 1.005, NumDevice: 'x' })).toBe(
      `NumDevice: ${doorText('wantsWhole')}; Amount: ${doorText('wantsAmount')}`,
    );
    expect(errorOf({ Command: 'PayByPaymentCard' })).toBe(`Amount: ${doorText('required')}`);
    expect(errorOf({ Command: 'PayByPaymentCard', Amount: 0 })).toBe(`Amount: ${doorText('wantsPositive')}`);
  });
});

describe('commands', () => {
  it('of acquiring ask for what they name', () => {
    const original = { rrn: '5486265211', authorisationCode: '783451264186418' };
    const universalId = 'CN:1254********6845;RN:26;RRN:5486265211;AC:783451264186418';
    expect(wish('PayByPaymentCard', { Amount: 1.02, ReceiptNumber: 26, CardNumber: '4111111111111111' })).toEqual({
      kind: 'PayByPaymentCard',
      amount: 102,
      receiptNumber: '26',
    });
    expect(wish('ReturnPaymentByPaymentCard', { Amount: 1.02, UniversalID: universalId })).toEqual({
      kind: 'ReturnPaymentByPaymentCard',
      amount: 102,
      original,
    });
    expect(wish('CancelPaymentByPaymentCard', { UniversalID: ' ac: 783451264186418 ; rrn:5486265211' })).toEqual({
      kind: 'CancelPaymentByPaymentCard',
      amount: null,
      original,
    });
    expect(wish('ReturnPaymentByPaymentCard', { Amount: '5', RRNCode: 828913349373, AuthorizationCode: '' }).original).toEqual({
      rrn: '828913349373',
      authorisationCode: null,
    });
    expect(wish('ReturnPaymentByPaymentCard', { Amount: 5 }).original).toEqual({ rrn: null, authorisationCode: null });
    expect(wish('EmergencyReversal', {})).toEqual({ kind: 'EmergencyReversal', original: null });
    expect(wish('EmergencyReversal', { UniversalID: universalId }).original).toEqual(original);
    expect(wish('TransactionDetails', { RRNCode: 'r' })).toEqual({ kind: 'TransactionDetails', amount: null, original: { rrn: 'r', authorisationCode: null } });
    expect([wish('TerminalReport', { Detailed: 'True' }).detailed, wish('TerminalReport', {}).detailed]).toEqual([true, false]);
    for (const kind of [
      'AuthorisationByPaymentCard',
      'AuthConfirmationByPaymentCard',
      'CancelAuthorisationByPaymentCard',
      'Settlement',
      'PrintSlipOnTerminal',
    ] as const)
      expect(wish(kind, { Amount: 5 })).toEqual({ kind });
  });

  it('refuse to give money back to whom is not certain', () => {
    const refusal = (members: object) => errorOf({ Command: 'ReturnPaymentByPaymentCard', Amount: 5, ...members });
    expect(refusal({ UniversalID: 'CN:1254********6845;RN:26' })).toContain(doorText('universalIdUnreadable'));
    expect(refusal({ UniversalID: 'RRN:1', RRNCode: '2' })).toContain(doorText('chargeNamedTwice'));
    expect(refusal({ UniversalID: 'RRN:1;AC:2', AuthorizationCode: '3' })).toContain(doorText('chargeNamedTwice'));
    expect(refusal({ UniversalID: 'RRN:1;AC:2', RRNCode: '1', AuthorizationCode: '2' })).toBe('');
    expect(refusal({ Amount: 0, RRNCode: '1' })).toContain('Amount');
  });

  it('of registers carry their amounts and filters', () => {
    expect(wish('RegisterTask', { Command: 'DepositingCash', Amount: 1.01 }).task).toEqual({ kind: 'DepositingCash', amount: 101 });
    expect(wish('RegisterTask', { Command: 'PaymentCash', Amount: '7' }).task).toEqual({ kind: 'PaymentCash', amount: 700 });
    expect(wish('RegisterTask', { Command: 'GetDataCheck', FiscalNumber: '-1' }).task).toEqual({ kind: 'GetDataCheck', fiscalNumber: -1, copies: 0 });
    expect(wish('List', { Active: 'true', OnOff: true, NumDevice: '3', FN_IsFiscal: null }).filters).toEqual({ Active: true, OnOff: true, NumDevice: 3 });
    expect(wish('OnOffUnut', { Active: 'false' })).toEqual({ kind: 'OnOffUnut', active: false });
    expect(errorOf({ Command: 'OnOffUnut' })).toContain('Active');
    for (const kind of [
      'OpenShift',
      'CloseShift',
      'XReport',
      'ZReport',
      'OpenCashDrawer',
      'GetLineLength',
      'GetDataKKT',
      'OfdReport',
      'PrintDocument',
    ] as const)
      expect(wish('RegisterTask', { Command: kind, NotPrint: false })).toMatchObject({
        kind: 'RegisterTask',
        task: { kind },
        asSent: { Command: kind, NotPrint: false },
      });
  });
});

describe('GetRezult', () => {
  it.each([
    ['abc', 'abc'],
    [42, '42'],
    ['', null],
    [null, null],
    [undefined, null],
    [{ IdCommand: 'abc', Status: 0 }, null],
    [['abc'], null],
    ['x'.repeat(256), null],
    ['a\0b', null],
    ['\ud800', null],
  ])('asks with %j for %j', (sent, idCommand) => {
    expect(readCommand({ command: 'getrezult', idCommand: sent })).toEqual({ kind: 'result', idCommand });
  });
});

describe('what people read', () => {
  it('never holds a word that makes clients send a bill again', () => {
    expect(doorTexts.length).toBeGreaterThan(20);
    for (const name of doorTexts) expect(doorText(name)).not.toMatch(/смена|лиценз|смен[аыуео]/i);
  });
});
