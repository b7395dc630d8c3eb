import { paymentOf, sampleCharge, sampleNowMs as now, sampleSale, sampleSurroundings as around, sampleVoid } from '../testing/ledger-records';
import { isToDecide } from './change';
import type { ChargeRecord } from './charges';
import { lateMoneyChange, lateMoneyStep, orderStanding } from './decide-late-money';
import type { LateMoneyFacts } from './decide-late-money';
import { openReturn, returnHindrance } from './open-return';
import { commandOf } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { returnTimes } from './surroundings';

const surfaced = sampleCharge({ surfaced: true, disposition: 'undecided' });

/** A declined payment with money that surfaced, and further attempts. */
const late = (wanted: Parameters<typeof paymentOf>[1] = {}, ...further: AttemptRecord[]): PaymentRecord =>
  paymentOf([sampleSale(1, 'declined'), ...further], { surfacedUndecided: 1, surfacedMinor: 15_000, decideAtMs: now, ...wanted });

const step = (record: PaymentRecord, wanted: Partial<LateMoneyFacts> = {}) =>
  lateMoneyStep({ record, charges: [surfaced], order: 'free', inDoubt: [], ...wanted }, now);

describe('late money', () => {
  it('is not looked at while an attempt is open or in doubt', () => {
    for (const status of ['queued', 'granted', 'unknown'] as const) {
      expect(isToDecide(late({}, sampleSale(2, status)))).toBe(false);
      expect(isToDecide(late({ refundPendingMinor: 15_000 }, sampleVoid(2, status)))).toBe(false);
    }
    expect(isToDecide(late({}, sampleSale(2, 'expired')))).toBe(true);
  });

  it('follows the site’s setting when nothing else was charged', () => {
    expect(step(late())).toEqual({ kind: 'keep', charge: surfaced });
    expect(step(late({ lateApproval: 'void' }))).toEqual({ kind: 'return', charge: surfaced });
  });

  it('is always given back when another charge is kept', () => {
    const record = paymentOf([sampleSale(1, 'declined'), sampleSale(2, 'approved')], {
      surfacedUndecided: 1,
      surfacedMinor: 15_000,
      shown: { chargedAmount: 15_000 },
    });
    const charges = [sampleCharge({ resultId: 'res-2', attemptId: 'att-2', rrn: '999' }), surfaced];
    expect(step(record, { charges })).toEqual({ kind: 'return', charge: surfaced });
  });

  it('is given back when another payment of the order was charged, and waits for one that still may be', () => {
    expect(step(late(), { order: 'charged' }).kind).toBe('return');
    expect(step(late(), { order: 'open' })).toEqual({ kind: 'later', atMs: now + returnTimes.lookAgainMs });
    expect(step(late({ lateApproval: 'void' }), { order: 'open' }).kind).toBe('return');
  });

  it('is kept once of two, and the other goes back', () => {
    const second = { ...surfaced, resultId: 'res-2', rrn: '222' };
    const record = late({ surfacedUndecided: 2, surfacedMinor: 30_000 });
    const change = lateMoneyChange(record, step(record, { charges: [surfaced, second] }), around);
    expect(change?.next).toMatchObject({ surfacedUndecided: 1, surfacedMinor: 15_000, decideAtMs: now, shown: { status: 'succeeded', chargedAmount: 15_000 } });
    expect(step(change!.next, { charges: [{ ...surfaced, disposition: 'kept' }, second] })).toEqual({ kind: 'return', charge: second });
  });

  it('waits while an operation is in doubt on the terminal that took it', () => {
    expect(step(late({ lateApproval: 'void' }), { inDoubt: ['pax-1'] })).toEqual({ kind: 'later', atMs: now + returnTimes.lookAgainMs });
    expect(step(late({ lateApproval: 'void' }), { inDoubt: ['pax-2'] }).kind).toBe('return');
  });

  it('is a person’s matter when the bank’s number of it is missing or its return was refused', () => {
    const person = { kind: 'person' };
    const policy = { lateApproval: 'void' } as const;
    expect(step(late(policy), { charges: [{ ...surfaced, rrn: null }] })).toEqual(person);
    expect(step(late(policy, sampleVoid(2, 'declined', now - 9_000_000)))).toEqual(person);
    expect(step(late(policy, sampleVoid(2, 'cancelled', now - 9_000_000)))).toEqual(person);
  });

  it('is tried again with growing pauses when terminal or bank could not be reached, and not for ever', () => {
    const tried = (times: number, endedMs: number) =>
      step(late({ lateApproval: 'void' }, ...Array.from({ length: times }, (_, n) => sampleVoid(n + 2, n % 2 === 0 ? 'failed' : 'expired', endedMs))));
    expect(tried(1, now - returnTimes.retryMs + 1)).toEqual({ kind: 'later', atMs: now + 1 });
    expect(tried(1, now - returnTimes.retryMs).kind).toBe('return');
    expect(tried(3, now)).toEqual({ kind: 'later', atMs: now + 4 * returnTimes.retryMs });
    expect(tried(returnTimes.triesMax - 1, now)).toEqual({ kind: 'later', atMs: now + returnTimes.retryMaxMs });
    expect(tried(returnTimes.triesMax, now - 86_400_000)).toEqual({ kind: 'person' });
  });
});

describe('a charge that came too late for a cancel', () => {
  const charged = (wanted: Parameters<typeof paymentOf>[1] = {}): PaymentRecord =>
    paymentOf([sampleSale(1, 'approved')], { ...wanted, shown: { chargedAmount: 15_000, cancelRequested: 'too_late', ...wanted.shown } });
  const charges = [sampleCharge()];

  it('is voided at a site that wants it so, and only there', () => {
    expect(isToDecide(charged())).toBe(false);
    expect(isToDecide(charged({ lateApproval: 'void', shown: { cancelRequested: null } }))).toBe(false);
    expect(step(charged({ lateApproval: 'void' }), { charges })).toEqual({ kind: 'return', charge: charges[0] });
  });

  it('is left alone when it is given back, in part or whole', () => {
    expect(isToDecide(charged({ lateApproval: 'void', shown: { refundedAmount: 15_000 } }))).toBe(false);
    const part = sampleCharge({ returns: [{ resultId: 'res-9', attemptId: 'att-9', amountMinor: 1, rrn: null }] });
    expect(step(charged({ lateApproval: 'void', shown: { refundedAmount: 1 } }), { charges: [part] })).toEqual({ kind: 'person' });
  });
});

describe('what a step changes', () => {
  it('makes kept money the payment’s charge', () => {
    const change = lateMoneyChange(late({ shown: { cancelRequested: 'done' } }), { kind: 'keep', charge: surfaced }, around);
    expect(change?.next).toMatchObject({ surfacedUndecided: 0, surfacedMinor: 0, decideAtMs: null });
    expect(change?.next.shown).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, refundedAmount: 0, cancelRequested: 'too_late' });
    expect(change?.postings.map(({ account, amountMinor }) => `${account} ${amountMinor}`)).toEqual(['suspense:club-1 15000', 'takings:club-1 -15000']);
    expect([change?.disposed?.disposition, change?.events.map(({ what }) => what)]).toEqual(['kept', ['succeeded', 'resolved']]);
  });

  it('opens a void on the terminal that took the money, by the bank’s own number, and says nothing yet', () => {
    const change = lateMoneyChange(late({ lateApproval: 'void' }), { kind: 'return', charge: surfaced }, around);
    expect(change?.added?.shown).toMatchObject({ operation: 'void', number: 2, terminalId: 'pax-1', amount: 15_000, status: 'queued' });
    expect(commandOf(change!.next, change!.added!.shown.id)).toMatchObject({
      operation: 'void',
      amount: 15_000,
      original: { attemptId: 'att-1', rrn: '111', authorisationCode: '222' },
    });
    expect([change?.next.shown.status, change?.next.refundPendingMinor, change?.next.decideAtMs, change?.events]).toEqual(['declined', 15_000, null, []]);
  });

  it('moves the next look without touching the sequence, and takes it off for a person', () => {
    expect(lateMoneyChange(late(), { kind: 'later', atMs: 5 }, around)?.next).toMatchObject({ decideAtMs: 5, shown: { sequence: 7 } });
    expect(lateMoneyChange(late(), { kind: 'person' }, around)?.next.decideAtMs).toBeNull();
    expect(lateMoneyChange(late({ decideAtMs: null }), { kind: 'person' }, around)).toBeNull();
  });
});

describe('the standing of an order', () => {
  const other = (shown: Partial<PaymentRecord['shown']>, wanted: object = {}, ...statuses: ('queued' | 'approved' | 'declined')[]): PaymentRecord =>
    paymentOf(
      statuses.map((status, n) => sampleSale(n + 1, status)),
      { ...wanted, shown: { id: 'pay-2', ...shown } },
    );

  it('knows what other payments of the same bill have come to', () => {
    const record = late();
    expect(orderStanding(record, [record, other({}, {}, 'declined')])).toBe('free');
    expect(orderStanding(record, [other({}, {}, 'queued')])).toBe('open');
    expect(orderStanding(record, [other({ chargedAmount: 15_000 }, {}, 'approved'), other({ id: 'pay-3' }, {}, 'queued')])).toBe('charged');
    expect(orderStanding(record, [other({ chargedAmount: 15_000, refundedAmount: 15_000 }, {}, 'approved')])).toBe('free');
    expect(orderStanding(record, [other({ chargedAmount: 15_000, amount: 7 }, {}, 'approved')])).toBe('free');
  });

  it('leaves payments aside that are meant in addition', () => {
    const additional = other({ chargedAmount: 15_000 }, { orderExclusive: false }, 'approved');
    expect(orderStanding(late(), [additional])).toBe('free');
    expect(orderStanding(late({ orderExclusive: false }), [other({ chargedAmount: 15_000 }, {}, 'approved')])).toBe('free');
  });
});

describe('returnHindrance', () => {
  const charged = (...further: AttemptRecord[]): PaymentRecord => paymentOf([sampleSale(1, 'approved'), ...further], { shown: { chargedAmount: 15_000 } });
  const hindrance = (record: PaymentRecord, operation: 'void' | 'refund' | 'reversal', amountMinor: number, charge: ChargeRecord = sampleCharge()) =>
    returnHindrance(record, { charge, operation, amountMinor });

  it('lets a part be refunded, and a whole charge be voided', () => {
    expect([hindrance(charged(), 'refund', 1), hindrance(charged(), 'void', 15_000), hindrance(charged(), 'reversal', 15_000)]).toEqual([null, null, null]);
    expect([hindrance(charged(), 'refund', 15_001), hindrance(charged(), 'void', 14_999), hindrance(charged(), 'reversal', 1)]).toEqual(
      Array.from({ length: 3 }, () => 'too-much'),
    );
    const part = sampleCharge({ returns: [{ resultId: 'r', attemptId: 'a', amountMinor: 5_000, rrn: null }] });
    expect([hindrance(charged(), 'refund', 10_000, part), hindrance(charged(), 'refund', 10_001, part), hindrance(charged(), 'void', 15_000, part)]).toEqual([
      null,
      'too-much',
      'too-much',
    ]);
  });

  it('names what stands in the way', () => {
    expect(hindrance(charged(sampleVoid(2, 'unknown')), 'refund', 1)).toBe('busy');
    expect(hindrance(charged(sampleSale(2, 'queued')), 'refund', 1)).toBe('busy');
    expect(hindrance(charged(), 'refund', 1, sampleCharge({ rrn: null }))).toBe('no-reference');
    const [sale] = charged().attempts;
    const throughBank: PaymentRecord = { ...charged(), attempts: [{ ...sale!, moneyPath: 'bank_qr' }] };
    expect([hindrance(throughBank, 'void', 15_000), hindrance(throughBank, 'reversal', 15_000), hindrance(throughBank, 'refund', 1)]).toEqual([
      'elsewhere',
      'elsewhere',
      null,
    ]);
  });

  it('lets a sale be reversed once, however that ended, and voided still', () => {
    const reversal = sampleVoid(2, 'failed');
    const reversed = charged({ ...reversal, shown: { ...reversal.shown, operation: 'reversal' } });
    expect([hindrance(reversed, 'reversal', 15_000), hindrance(reversed, 'void', 15_000)]).toEqual(['reversed-before', null]);
    const wanted = { charge: sampleCharge(), operation: 'reversal', amountMinor: 15_000, expiresInSeconds: 60 } as const;
    expect(() => openReturn(reversed, wanted, around)).toThrow('reversed-before');
    expect(openReturn(charged(), wanted, around).added.shown).toMatchObject({ operation: 'reversal', number: 2 });
  });
});
