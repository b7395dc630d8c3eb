import { FakeBank } from './fake-bank';

const terminalId = 'pax-1';
const order = { terminalId, amountMinor: 500, card: 'ok', reference: '7' } as const;
const bankAt = (now = 1_795_000_000_000): FakeBank => new FakeBank(() => now);

function sold(bank: FakeBank, amountMinor = 500): string {
  const answer = bank.sale({ ...order, amountMinor });
  if (!answer.approved) throw new Error(answer.text);
  return answer.transaction.rrn;
}

describe('FakeBank', () => {
  it('books what it approves, with a number of its own each', () => {
    const bank = bankAt();
    const rrns = [sold(bank), sold(bank), sold(bank)];
    expect(new Set(rrns).size).toBe(3);
    expect(rrns.every((rrn) => /^\d{12}$/.test(rrn))).toBe(true);
    expect(bank.transactions()).toHaveLength(3);
    expect(bank.transactions()[0]).toMatchObject({
      kind: 'sale',
      amount: 500,
      terminalId,
      reversed: false,
      foreign: false,
      reference: '7',
      at: '2026-11-18T11:06:40.000Z',
    });
  });

  it('does not give a number out twice after a restart', () => {
    expect(Number(sold(bankAt(1_795_000_060_000)))).toBeGreaterThan(Number(sold(bankAt())));
  });

  it.each([
    ['insufficient_funds', '51'],
    ['expired', '54'],
    ['blocked', '62'],
    ['wrong_pin', '55'],
    ['do_not_honour', '05'],
    ['limit_exceeded', '61'],
  ] as const)('refuses a card: %s', (card, hostCode) => {
    const bank = bankAt();
    expect(bank.sale({ ...order, card })).toMatchObject({ approved: false, hostCode });
    expect(bank.transactions()).toEqual([]);
  });

  it('voids a whole unsettled sale of the same terminal, once', () => {
    const bank = bankAt();
    const rrn = sold(bank);
    expect(bank.void({ ...order, rrn, amountMinor: 400 }).approved).toBe(false);
    expect(bank.void({ ...order, rrn, terminalId: 'pax-2' }).approved).toBe(false);
    expect(bank.void({ ...order, rrn: null }).approved).toBe(false);
    expect(bank.void({ ...order, rrn }).approved).toBe(true);
    expect(bank.void({ ...order, rrn }).approved).toBe(false);
    expect(bank.transactions().map(({ kind, reversed }) => [kind, reversed])).toEqual([
      ['sale', true],
      ['void', false],
    ]);
    const settled = sold(bank);
    bank.settle(terminalId);
    expect(bank.void({ ...order, rrn: settled }).approved).toBe(false);
  });

  it('refunds parts of a sale, never more than it', () => {
    const bank = bankAt();
    const rrn = sold(bank);
    expect(bank.refund({ ...order, rrn, amountMinor: 300 }).approved).toBe(true);
    expect(bank.refund({ ...order, rrn, amountMinor: 201 }).approved).toBe(false);
    expect(bank.refund({ ...order, rrn, amountMinor: 200 }).approved).toBe(true);
    expect(bank.void({ ...order, rrn }).approved).toBe(false);
    expect(bank.totals().all).toEqual({ sales: 1, salesAmount: 500, returns: 2, returnsAmount: 500, net: 0 });
  });

  it('reverses the last operation of a terminal only while it is an unsettled sale', () => {
    const bank = bankAt();
    expect(bank.reverseLast(terminalId, null)).toMatchObject({ approved: false, hostCode: 'ER3' });
    sold(bank);
    expect(bank.reverseLast(terminalId, null)).toMatchObject({ approved: true, transaction: { kind: 'reversal', amount: 500 } });
    expect(bank.reverseLast(terminalId, null).approved).toBe(false);
    sold(bank);
    bank.settle(terminalId);
    expect(bank.reverseLast(terminalId, null).approved).toBe(false);
  });

  it('keeps the day of a terminal until it is settled', () => {
    const bank = bankAt();
    sold(bank);
    bank.foreignSale(terminalId, 501);
    if (!bank.sale({ ...order, terminalId: 'pax-2', amountMinor: 100 }).approved) throw new Error('refused');
    expect(bank.unsettled(terminalId).map(({ amount, foreign }) => [amount, foreign])).toEqual([
      [500, false],
      [501, true],
    ]);
    bank.settle(terminalId);
    expect(bank.unsettled(terminalId)).toEqual([]);
    expect(bank.unsettled('pax-2')).toHaveLength(1);
    expect(bank.transactions()).toHaveLength(3);
    expect(bank.totals()).toMatchObject({ all: { sales: 3, net: 1_101 }, terminals: { 'pax-1': { sales: 2 }, 'pax-2': { sales: 1 } } });
  });

  it('keeps the payments of an SBP bank in its books and from every terminal', () => {
    const bank = bankAt();
    sold(bank);
    const { rrn } = bank.sbpSale({ terminalId, amountMinor: 300, order: 'att_1' });
    expect(bank.void({ ...order, rrn, amountMinor: 300 }).approved).toBe(false);
    expect(bank.refund({ ...order, rrn, amountMinor: 300 }).approved).toBe(false);
    expect(bank.unsettled(terminalId)).toHaveLength(1);
    expect(bank.reverseLast(terminalId, null)).toMatchObject({ approved: true, transaction: { amount: 500 } });
    bank.sbpRefund({ terminalId: null, amountMinor: 100, order: 'att_1' });
    expect(bank.transactions().slice(1)).toMatchObject([
      { kind: 'sale', channel: 'sbp', terminalId, amount: 300, reference: 'att_1' },
      { kind: 'reversal', channel: 'terminal' },
      { kind: 'refund', channel: 'sbp', terminalId: null, amount: 100, reference: 'att_1' },
    ]);
    expect(bank.totals()).toMatchObject({ all: { sales: 2, returns: 2, net: 200 }, terminals: { 'pax-1': { salesAmount: 800, returnsAmount: 500 } } });
  });
});
