import { Unavailable } from '@kkm/core';
import type { KkmAnswer, KkmCommand } from '@kkm/core';
import { checkCommand, DeskBench, kkmCommand, namedBy, payCommand, someCaller } from '../testing/desk-bench';
import type { DeskReplica } from '../testing/desk-bench';

describe('money back through the KkmServer door', () => {
  let bench: DeskBench;
  let gateway: DeskReplica;
  const done = (command: KkmCommand): Promise<KkmAnswer | undefined> => bench.done(gateway, command);
  beforeEach(() => {
    bench = new DeskBench();
    gateway = bench.replica();
  });

  describe('a return', () => {
    const back = (kind: 'ReturnPaymentByPaymentCard' | 'CancelPaymentByPaymentCard', amount: number | null, answer: KkmAnswer | undefined) =>
      kkmCommand({ kind, amount, original: namedBy(answer) }, { idCommand: 'back', numDevice: 2 });

    it('gives a part back, and the rest, and never more', async () => {
      const paid = await done(payCommand());
      expect(await done(back('ReturnPaymentByPaymentCard', 5_000, paid))).toMatchObject({ status: 0, payload: { Amount: 50, RRNCode: expect.any(String) } });
      const rest = kkmCommand({ kind: 'CancelPaymentByPaymentCard', amount: null, original: namedBy(paid) }, { idCommand: 'rest', numDevice: 2 });
      expect(await done(rest)).toMatchObject({ status: 0, payload: { Amount: 100 } });
      const more = kkmCommand({ kind: 'ReturnPaymentByPaymentCard', amount: 100, original: namedBy(paid) }, { idCommand: 'more', numDevice: 2 });
      expect(await done(more)).toMatchObject({ status: 2 });
      expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 15_000 });
    });

    it('is given once under its id', async () => {
      const paid = await done(payCommand());
      await done(back('ReturnPaymentByPaymentCard', 5_000, paid));
      await done(back('ReturnPaymentByPaymentCard', 5_000, paid));
      expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 5_000 });
    });

    it('tells a refusal of the bank, and leaves the money where it is', async () => {
      const paid = await done(payCommand());
      await bench.send(gateway, back('ReturnPaymentByPaymentCard', 5_000, paid));
      await bench.clock.advance(100);
      await bench.ledger.decline('do_not_honour');
      await bench.pass(gateway, 10_000);
      expect((await bench.result(gateway, 'back'))?.answer).toMatchObject({ status: 2, error: expect.stringContaining('Возврат не прошёл: Банк отказал') });
    });

    it.each([
      ['that KKM did not charge', { rrn: '111111111111', authorisationCode: null }, 'не проводилась'],
      ['whose code does not belong to it', { rrn: '828913349001', authorisationCode: '000000' }, 'не проводилась'],
      ['that is not named', { rrn: null, authorisationCode: '247629' }, 'Не указано'],
    ])('of a charge %s gives nothing back', async (_what, original, text) => {
      await done(payCommand());
      expect(await done(kkmCommand({ kind: 'CancelPaymentByPaymentCard', amount: null, original }, { idCommand: 'back', numDevice: 2 }))).toMatchObject({
        status: 2,
        error: expect.stringContaining(text),
      });
      expect(bench.ledger.queue).toEqual([]);
    });

    it.each([
      { kind: 'ReturnPaymentByPaymentCard', amount: 100, original: { rrn: '1', authorisationCode: null } },
      { kind: 'CancelPaymentByPaymentCard', amount: null, original: { rrn: '1', authorisationCode: null } },
      { kind: 'EmergencyReversal', original: null },
      { kind: 'RegisterCheck', check: { ...checkWish(), type: 1 } },
    ] as const)('is refused to a caller without a password: $kind', async (wish) => {
      const caller = { ...someCaller, mayGiveBack: false };
      expect(await bench.send(gateway, kkmCommand(wish), { caller })).toMatchObject({ status: 2, error: expect.stringContaining('запрещены') });
      expect(await bench.result(gateway, 'id-1')).toBeNull();
    });
  });

  describe('an emergency reversal', () => {
    const reversal = () => kkmCommand({ kind: 'EmergencyReversal', original: null }, { idCommand: 'reversal', numDevice: 2 });

    it('gives the charge back that it names, or else the newest of this door on the terminal', async () => {
      const first = await done(payCommand(10_000, null, 'a'));
      await done(payCommand(20_000, null, 'b'));
      expect(await done(reversal())).toMatchObject({ status: 0, payload: { Amount: 200 } });
      const namedOne = kkmCommand({ kind: 'EmergencyReversal', original: namedBy(first) }, { idCommand: 'other', numDevice: 2 });
      expect(await done(namedOne)).toMatchObject({ status: 0, payload: { Amount: 100 } });
      expect(await bench.ledger.money()).toEqual({ charged: 30_000, returned: 30_000 });
    });

    it.each([
      ['has not ended', async () => undefined, 'ещё выясняется'],
      ['is in doubt', async () => void (await bench.ledger.lose()), 'ещё выясняется'],
      ['was declined', async () => void (await bench.ledger.decline()), 'отменять нечего'],
    ])('touches nothing when the newest operation %s', async (_what, happen, text) => {
      await done(payCommand(10_000, null, 'a'));
      await bench.send(gateway, payCommand(20_000, null, 'b'));
      await bench.clock.advance(100);
      await happen();
      await bench.pass(gateway, 10_000);
      bench.ledger.queue.length = 0;
      expect(await done(reversal())).toMatchObject({ status: 2, error: expect.stringContaining(text) });
      expect(await bench.ledger.money()).toEqual({ charged: 10_000, returned: 0 });
    });

    it('touches nothing while the newest command has not been opened by the ledger yet', async () => {
      await done(payCommand(10_000, null, 'a'));
      const open = jest.spyOn(bench.ledger.ports.ledger, 'open').mockRejectedValue(new Unavailable('ledger.unavailable'));
      await bench.send(gateway, payCommand(20_000, null, 'b'));
      expect(await done(reversal())).toMatchObject({ status: 2, error: expect.stringContaining('ещё выясняется') });
      open.mockRestore();
      expect((await bench.ledger.money()).returned).toBe(0);
    });

    it('is made once: a second one finds the money given back', async () => {
      await done(payCommand());
      await done(reversal());
      const again = kkmCommand({ kind: 'EmergencyReversal', original: null }, { idCommand: 'again', numDevice: 2 });
      expect(await done(again)).toMatchObject({ status: 2, error: expect.stringContaining('отменять нечего') });
    });
  });

  describe('a return check', () => {
    it('gives back by the bank’s numbers, or by the number of the check, and makes its receipt', async () => {
      const sold = await done(checkCommand({ receiptNumber: '17' }));
      const reference = namedBy(sold);
      const sums = { cash: 0, electronic: 4_000, advance: 0, credit: 0, provision: 0 };
      expect(await done(checkCommand({ type: 1, sums, original: reference }, 'back-1'))).toMatchObject({
        status: 0,
        payload: { CheckNumber: 2, Amount: 40, RezultProcessing: { Command: 'ReturnPaymentByPaymentCard', Amount: 40 } },
      });
      expect(await done(checkCommand({ type: 1, sums, receiptNumber: '17' }, 'back-2'))).toMatchObject({ status: 0, payload: { CheckNumber: 3 } });
      expect(await done(checkCommand({ type: 1, sums, receiptNumber: '18' }, 'back-3'))).toMatchObject({
        status: 2,
        error: expect.stringContaining('Не найдена'),
      });
      expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 8_000 });
    });
  });
});

function checkWish() {
  const { wish } = checkCommand();
  if (wish.kind !== 'RegisterCheck') throw new RangeError('a check is a check');
  return wish.check;
}
