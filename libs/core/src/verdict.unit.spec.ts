import fc from 'fast-check';
import { attemptStatuses } from './attempt-machine';
import type { AttemptStatus } from './attempt-machine';
import { operations, paymentStatus } from './payment';
import type { Attempt, Operation, Payment } from './payment';
import { dispositions, terminalWords } from './resolution';
import type { Conflict, Resolution, SurfacedMoney, TerminalWord } from './resolution';
import { verdictOf, verdictReasons } from './verdict';
import type { Verdict } from './verdict';

const at = '2026-11-26T12:00:00.000Z';

function attempt(number: number, status: AttemptStatus, more: Partial<Attempt> = {}): Attempt {
  const told = {
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: null,
    authorisationCode: null,
    bankTerminalId: null,
    bank: null,
    slip: null,
    qr: null,
  };
  const times = { createdAt: at, grantedAt: null, finishedAt: null };
  const asked = { operation: 'sale', method: 'card', terminalId: 'pax-1', amount: 15_000 } as const;
  return { id: `att_${number}`, number, status, ...asked, ...told, ...times, readFailures: 0, doubtedAt: null, resolvedBy: null, ...more };
}

function payment(attempts: readonly Attempt[], more: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_1',
    siteId: 's',
    orderId: 'o',
    registerId: null,
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    status: paymentStatus(attempts, 0),
    chargedAmount: 0,
    refundedAmount: 0,
    redoable: false,
    cancelRequested: null,
    purpose: 'sale',
    switchTo: null,
    sequence: 1,
    conflicts: [],
    surfaced: [],
    createdAt: at,
    updatedAt: at,
    expiresAt: at,
    closedAt: null,
    metadata: {},
    ...more,
    attempts,
  };
}

const by = { kind: 'api_key', id: 'key_1', name: 'Manager' } as const;
const decided = (charged: boolean, terminal: TerminalWord): Resolution => ({
  by,
  at,
  charged,
  chargedAmount: charged ? 15_000 : 0,
  evidence: 'the slip',
  terminal,
});
const surfaced = (disposition: SurfacedMoney['disposition']): SurfacedMoney => ({ attemptId: 'att_1', amount: 15_000, rrn: '1', disposition, at });
const conflict = (person: boolean, terminal: boolean): Conflict => ({
  attemptId: 'att_1',
  at,
  person: decided(person, 'contradicted'),
  terminal: { charged: terminal, chargedAmount: terminal ? 15_000 : 0, evidence: { kind: 'report', asked: 'the report', said: '', rrn: null, at } },
});

const gist = (judged: Verdict): string => [judged.verdict, ...judged.reasons].join(' ');
const judge = (...given: Parameters<typeof payment>): string => gist(verdictOf(payment(...given), []));

describe('the verdict', () => {
  it.each<[AttemptStatus, string]>([
    ['queued', 'being_resolved queued'],
    ['granted', 'being_resolved on_terminal'],
    ['unknown', 'being_resolved in_doubt'],
    ['declined', 'not_charged nothing_charged'],
    ['cancelled', 'not_charged nothing_charged'],
    ['failed', 'not_charged nothing_charged'],
    ['expired', 'not_charged nothing_charged'],
    ['withdrawn', 'not_charged nothing_charged'],
  ])('of a sale that is %s: %s', (status, expected) => expect(judge([attempt(1, status)])).toBe(expected));

  it('is charged when money is kept, also when all of it was given back', () => {
    const approved = [attempt(1, 'approved')];
    expect(judge(approved, { chargedAmount: 15_000 })).toBe('charged charge_kept');
    expect(judge(approved, { chargedAmount: 15_000, refundedAmount: 5_000 })).toBe('charged charge_kept returned_in_part');
    expect(judge(approved, { chargedAmount: 15_000, refundedAmount: 15_000 })).toBe('charged charge_kept returned_in_full');
  });

  it('stays charged while a return is under way or in doubt', () => {
    for (const status of ['queued', 'granted', 'unknown'] as const) {
      const both = [attempt(1, 'approved'), attempt(2, status, { operation: 'refund' })];
      expect(judge(both, { chargedAmount: 15_000 })).toBe('charged charge_kept return_open');
    }
  });

  it('is open while surfaced money waits for a decision, and charged once it is kept', () => {
    expect(judge([attempt(1, 'declined')], { surfaced: [surfaced('undecided')] })).toBe('being_resolved surfaced_undecided');
    expect(judge([attempt(1, 'declined')], { surfaced: [surfaced('kept')] })).toBe('charged charge_kept');
  });

  it('does not take a person’s word for an absence that the terminal has not confirmed', () => {
    expect(judge([attempt(1, 'failed', { resolvedBy: decided(false, 'awaited') })])).toBe('being_resolved awaits_terminal');
    expect(judge([attempt(1, 'failed', { resolvedBy: decided(false, 'confirmed') })])).toBe('not_charged nothing_charged');
    expect(judge([attempt(1, 'approved', { resolvedBy: decided(true, 'awaited') })], { chargedAmount: 15_000 })).toBe('charged charge_kept awaits_terminal');
  });

  it('is open where a person and the terminal contradict each other about a charge', () => {
    const contradicted = [attempt(1, 'approved', { resolvedBy: decided(true, 'contradicted') })];
    expect(judge(contradicted, { chargedAmount: 15_000, conflicts: [conflict(true, false)] })).toBe('being_resolved conflict');
    const other = [attempt(1, 'failed', { resolvedBy: decided(false, 'contradicted') })];
    expect(judge(other, { conflicts: [conflict(false, true)], surfaced: [surfaced('kept')] })).toBe('charged charge_kept conflict');
    expect(judge(contradicted, { chargedAmount: 15_000, conflicts: [conflict(true, true)] })).toBe('charged charge_kept conflict');
  });

  it('says in both languages what a cashier reads out, with amounts', () => {
    const returned = verdictOf(payment([attempt(1, 'approved')], { chargedAmount: 15_000, refundedAmount: 5_050 }), []);
    expect(returned.text).toEqual({
      en: 'The guest was charged RUB\u00a0150.00. Of this RUB\u00a050.50 was given back.',
      ru: 'С гостя списано 150,00\u00a0₽. Из них возвращено 50,50\u00a0₽.',
    });
    const doubted = verdictOf(payment([attempt(1, 'unknown')]), []);
    expect(doubted.text.en).toMatch(/^It is not certain yet .* Do not charge again\.$/);
    expect(doubted.text.ru).toMatch(/^Пока не установлено.* Не списывайте повторно\.$/);
    const redone = [attempt(1, 'failed', { resolvedBy: decided(false, 'awaited') }), attempt(2, 'approved')];
    expect(verdictOf(payment(redone, { chargedAmount: 15_000 }), []).text.en).toContain('nothing was charged in an earlier attempt');
  });

  it('carries the evidence, the conflicts and the surfaced money as they are', () => {
    const kept = { kind: 'answer', asked: 'sale', said: 'approved', rrn: '1', at, attemptId: 'att_1', times: 1, lastAt: at } as const;
    const more = { chargedAmount: 15_000, conflicts: [conflict(true, false)], surfaced: [surfaced('undecided')] };
    expect(verdictOf(payment([attempt(1, 'approved')], more), [kept])).toMatchObject({
      paymentId: 'pay_1',
      evidence: [kept],
      conflicts: more.conflicts,
      surfaced: more.surfaced,
    });
  });
});

describe('whatever the facts', () => {
  const person = fc.option(fc.record({ charged: fc.boolean(), terminal: fc.constantFrom(...terminalWords) }), { nil: null });
  const any = fc.record({
    sales: fc.array(fc.record({ status: fc.constantFrom(...attemptStatuses), person }), { minLength: 1, maxLength: 4 }),
    returns: fc.array(fc.record({ status: fc.constantFrom(...attemptStatuses), operation: fc.constantFrom<Operation>(...operations.slice(1)) }), {
      maxLength: 2,
    }),
    chargedAmount: fc.constantFrom(0, 15_000),
    surfaced: fc.array(fc.constantFrom(...dispositions), { maxLength: 2 }),
    conflicts: fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 2 }),
  });
  const drawn = any.map(({ sales, returns, chargedAmount, surfaced: money, conflicts }) =>
    payment(
      [
        ...sales.map(({ status, person: told }, n) => attempt(n + 1, status, { resolvedBy: told && decided(told.charged, told.terminal) })),
        ...returns.map(({ status, operation }, n) => attempt(10 + n, status, { operation })),
      ],
      { chargedAmount, surfaced: money.map(surfaced), conflicts: conflicts.map(([one, other]) => conflict(one, other)) },
    ),
  );

  it.each([
    ['granted', 'The QR code can be paid.'],
    ['unknown', 'It is not certain yet whether the guest was charged. The bank has not confirmed that the QR code can no longer be paid'],
  ] as const)('speaks of the bank where a bank’s QR is %s', (status, text) => {
    const qr = { payload: 'https://qr.nspk.ru/1', expiresAt: at };
    const told = verdictOf(payment([attempt(1, status, { method: 'sbp_qr', qr })]), []);
    expect([told.verdict, told.text.en.includes(text)]).toEqual(['being_resolved', true]);
  });

  it('never says that nothing was charged while something could be, or was', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const { verdict, reasons } = verdictOf(one, []);
        const sales = one.attempts.filter(({ operation }) => operation === 'sale');
        const open = sales.some(({ status, resolvedBy }) => ['queued', 'granted', 'unknown'].includes(status) || resolvedBy?.terminal === 'awaited');
        const money = one.chargedAmount > 0 || one.surfaced.some(({ disposition }) => disposition !== 'returned') || one.conflicts.length > 0;
        expect(verdict === 'not_charged').toBe(!open && !money);
        expect(reasons.length).toBeGreaterThan(0);
        expect([...reasons].sort((a, b) => verdictReasons.indexOf(a) - verdictReasons.indexOf(b))).toEqual(reasons);
      }),
    );
  });
});
