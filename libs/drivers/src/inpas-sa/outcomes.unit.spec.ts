import type { OutcomeReason } from '@kkm/core';
import { decodeFields, message } from './fields';
import type { Asked } from './outcomes';
import { cardOf, factsOf, messageOf, outcomeOf } from './outcomes';
import { parseInpasProfile } from './profile';
import { fromHex } from '@kkm/wire';
import { frameVectors } from './testing/vectors';

const profile = parseInpasProfile({});
const asked: Asked = { operation: 'sale', amountMinor: 10_000, reference: '699241280', aborted: false };
type Entry = readonly [number, string];
const approval: readonly Entry[] = [
  [0, '10000'],
  [4, '643'],
  [13, '769537'],
  [14, '856666703130'],
  [15, '00'],
  [25, '1'],
  [26, '699241280'],
  [39, '1'],
];

/** The approval with some fields replaced or, with null, left out. */
function result(changes: Readonly<Record<number, string | null>>) {
  const kept = approval.filter(([number]) => !(number in changes));
  const added = Object.entries(changes).flatMap(([number, text]): Entry[] => (text === null ? [] : [[Number(number), text]]));
  return message([...kept, ...added]);
}

const verdict = (changes: Readonly<Record<number, string | null>>, about: Partial<Asked> = {}, settings: object = {}) =>
  outcomeOf(result(changes), { ...asked, ...about }, parseInpasProfile(settings));
const refused = { 13: null, 14: null };

describe('outcomeOf', () => {
  it('believes an approval that names amount and reference', () => {
    expect(verdict({}).outcome).toMatchObject({
      kind: 'approved',
      chargedMinor: 10_000,
      facts: { rrn: '856666703130', authorisationCode: '769537', hostResponseCode: '00' },
    });
  });

  it('reads the captured approval', () => {
    const captured = frameVectors.find(({ name }) => name === 'sale 1.00 approved')!;
    const fields = decodeFields(fromHex(captured.hex).slice(3, -2))!;
    expect(outcomeOf(fields, { ...asked, amountMinor: 100 }, profile).outcome).toMatchObject({
      kind: 'approved',
      chargedMinor: 100,
      facts: { message: 'ОДОБРЕНО', card: { maskedPan: '************6639' }, bankTerminalId: '00266286', terminalTime: '20181016191523' },
    });
  });

  it.each([
    ['leading zeros', '00010000'],
    ['twelve digits', '000000010000'],
  ])('takes an amount with %s', (_what, text) => {
    expect(verdict({ 0: text }).outcome).toMatchObject({ kind: 'approved', chargedMinor: 10_000 });
  });

  it.each([
    ['carries another reference', { 26: '123456789' }],
    ['has no amount', { 0: null }],
    ['has a strange amount', { 0: '100.00' }],
    ['has the amount 0', { 0: '0' }],
    ['has more than was asked for', { 0: '10001' }],
    ['has less than was asked for and no reference', { 0: '5000', 26: '-1' }],
    ['has a status that is not listed', { 39: '99' }],
    ['has the status 0', { 39: '0' }],
    ['has no status', { 39: null }],
    ['was made offline, where the profile says nothing of it', { 39: '17' }],
    ['cancels after the bank had approved', { 39: '53' }],
    ['lost the host after the bank had approved', { 39: '34' }],
  ])('leaves in doubt what %s', (_what, changes) => {
    expect(verdict(changes).outcome).toMatchObject({ kind: 'unknown', reason: 'unrecognised' });
  });

  it('takes a partial approval with our reference, and any amount asked for without one', () => {
    expect(verdict({ 0: '5000' }).outcome).toMatchObject({ kind: 'approved', chargedMinor: 5_000 });
    expect(verdict({ 26: '-1' }).outcome).toMatchObject({ kind: 'approved', chargedMinor: 10_000 });
    expect(verdict({ 26: null }).outcome).toMatchObject({ kind: 'approved' });
  });

  it('takes an offline approval where the profile says so', () => {
    expect(verdict({ 39: '17' }, {}, { offline: 'approved' }).outcome).toMatchObject({ kind: 'approved' });
  });

  const hostCodes: readonly (readonly [string | null, OutcomeReason])[] = [
    ['51', 'insufficient_funds'],
    ['05', 'do_not_honour'],
    ['54', 'card_expired'],
    ['55', 'wrong_pin'],
    ['62', 'card_blocked'],
    ['61', 'limit_exceeded'],
    ['91', 'host_unreachable'],
    ['95', 'reconciliation_required'],
    ['ER3', 'unrecognised'],
    [null, 'unrecognised'],
  ];
  it.each(hostCodes)('gives the reason of host code %s', (code, reason) => {
    expect(verdict({ ...refused, 39: '16', 15: code }).outcome).toMatchObject({ kind: 'declined', reason, facts: { hostResponseCode: code } });
  });

  it('lets the profile name host codes', () => {
    expect(verdict({ ...refused, 39: '16', 15: 'Q1' }, {}, { hostReasons: { Q1: 'limit_exceeded' } }).outcome).toMatchObject({ reason: 'limit_exceeded' });
  });

  it('tells who cancelled', () => {
    const cancelled = { ...refused, 39: '53', 15: 'ER3', 19: 'ОПЕРАЦИЯ ПРЕРВАНА^TERMINATED.JPG~' };
    expect(verdict(cancelled)).toMatchObject({
      readFailure: false,
      outcome: { kind: 'cancelled', reason: 'customer_cancelled', facts: { message: 'ОПЕРАЦИЯ ПРЕРВАНА' } },
    });
    expect(verdict(cancelled, { aborted: true }).outcome).toMatchObject({ kind: 'cancelled', reason: 'cashier_cancelled' });
    expect(verdict({ ...cancelled, 19: 'ВРЕМЯ ОЖИДАНИЯ ИСТЕКЛО' }, { aborted: true }).outcome).toMatchObject({ kind: 'cancelled', reason: 'customer_timeout' });
  });

  it('says when the terminal had no host', () => {
    expect(verdict({ ...refused, 15: null, 39: '34' }).outcome).toMatchObject({ kind: 'failed', reason: 'host_unreachable' });
  });

  const unread = { ...refused, 15: null, 39: '53', 19: 'ОШИБКА ЧТЕНИЯ КАРТЫ' };
  it('knows a card that could not be read by the whole signature', () => {
    expect(verdict(unread)).toMatchObject({ readFailure: true, outcome: { kind: 'failed', reason: 'card_read_error' } });
  });

  it.each([
    ['another status', { 39: '16' }],
    ['a host code', { 15: '00' }],
    ['an RRN', { 14: '856666703130' }],
    ['an authorisation code', { 13: '769537' }],
    ['another text', { 19: 'ОПЕРАЦИЯ ПРЕРВАНА' }],
    ['no text', { 19: null }],
  ])('does not take %s for an unread card', (_what, changes) => {
    expect(verdict({ ...unread, ...changes }).readFailure).toBe(false);
  });

  it('believes nothing but status 1 about an auto-reversal', () => {
    const reversal = { operation: 'reversal' } as const;
    expect(verdict({ 0: null, 25: '53' }, reversal).outcome).toMatchObject({ kind: 'approved', chargedMinor: 10_000 });
    for (const status of ['53', '16', '34', '17', '0', null]) expect(verdict({ ...refused, 15: 'ER3', 39: status }, reversal).outcome.kind).toBe('unknown');
  });
});

describe('facts', () => {
  it('mask a card number that the terminal did not mask', () => {
    expect(cardOf('4276380012345678', { scheme: 'MIR', byQr: false })).toEqual({ maskedPan: '************5678', scheme: 'MIR', entryMode: 'unknown' });
    expect(cardOf(null, { scheme: 'MIR', byQr: false })).toBeNull();
  });

  it('hold no picture names, no "-1" and no broken times', () => {
    const facts = factsOf(
      message([
        [19, 'ОТКАЗ^DECLINED.JPG~'],
        [14, '-1'],
        [21, '2026'],
        [27, '00000000'],
      ]),
      parseInpasProfile({}),
    );
    expect(facts).toMatchObject({ message: 'ОТКАЗ', rrn: null, terminalTime: null, bankTerminalId: null, card: null, slip: null });
    expect(messageOf(message([[19, '^OK.JPG~']]))).toBeNull();
  });
});
