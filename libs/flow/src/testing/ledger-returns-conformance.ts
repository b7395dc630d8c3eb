import { noBankFacts } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import { changeOf } from '../ledger/change';
import type { Change } from '../ledger/change';
import { DecideLateMoney } from '../ledger/decide-late-money';
import { openReturn } from '../ledger/open-return';
import { RedoPayment } from '../ledger/redo-payment';
import { SweepExpired } from '../ledger/sweep-expired';
import { returnTimes } from '../ledger/surroundings';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';
import { noBanks } from './no-banks';

/** The part of the store's suite about late money and giving money back. */
export function returnsConformance(current: () => StoreOnTrial): void {
  const failed = { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts } as const;

  /** A payment whose attempt had failed when an approval of it came. */
  async function surfaced(wanted: Parameters<StoreOnTrial['open']>[0] = {}, rrn = '501'): Promise<PaymentCommand> {
    const trial = current();
    const command = await trial.open(wanted);
    const nonce = await trial.grant(command);
    await trial.record(trial.result(command, nonce, failed));
    await trial.record(trial.result(command, nonce, approved(15_000, rrn)));
    return command;
  }

  /** Lets the ledger decide; the command of the return it opens for that payment. */
  async function decided({ paymentId }: PaymentCommand): Promise<PaymentCommand | undefined> {
    const trial = current();
    const commands = await new DecideLateMoney(trial.store, trial.around).execute();
    return commands.find((command) => command.paymentId === paymentId);
  }

  async function charged(rrn = '601', wanted: Parameters<StoreOnTrial['open']>[0] = {}): Promise<PaymentCommand> {
    const trial = current();
    const command = await trial.open(wanted);
    await trial.record(trial.result(command, await trial.grant(command), approved(15_000, rrn)));
    return command;
  }

  async function returning(command: PaymentCommand, operation: 'void' | 'refund' | 'reversal' = 'refund', amountMinor = 15_000): Promise<Change> {
    const trial = current();
    const record = await trial.payment(command);
    const [charge] = await trial.store.chargesOf(command.paymentId);
    return changeOf(record, openReturn(record, { charge: charge!, operation, amountMinor, expiresInSeconds: 60 }, trial.around), trial.around);
  }

  describe('late money', () => {
    it('is due as soon as it surfaces, and kept where the site keeps it', async () => {
      const command = await surfaced();
      const { store, nowMs } = current();
      expect([await store.paymentsToDecide(nowMs - 1, 1_000), await store.paymentsToDecide(nowMs, 1_000)]).toEqual([
        expect.not.arrayContaining([command.paymentId]),
        expect.arrayContaining([command.paymentId]),
      ]);
      expect(await decided(command)).toBeUndefined();
      expect(await current().payment(command)).toMatchObject({ surfacedUndecided: 0, decideAtMs: null, shown: { status: 'succeeded', chargedAmount: 15_000 } });
      expect(await store.chargesOf(command.paymentId)).toMatchObject([{ surfaced: true, disposition: 'kept' }]);
    });

    it('is voided where the site voids it, and the payment is not redone meanwhile', async () => {
      const trial = current();
      const command = await surfaced({ lateApproval: 'void' });
      const giving = await decided(command);
      expect(giving).toMatchObject({ operation: 'void', amount: 15_000, original: { attemptId: command.attemptId, rrn: '501' } });
      expect(await trial.payment(command)).toMatchObject({ refundPendingMinor: 15_000, surfacedUndecided: 1, shown: { status: 'failed' } });
      const redo = { scope: null, paymentId: command.paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 60 };
      const idempotency = { key: trial.id('ref'), fingerprint: 'redo' };
      await expect(new RedoPayment(trial.store, trial.around, noBanks).execute({ ...redo, idempotency })).rejects.toMatchObject({
        code: 'payment.not_redoable',
      });
      await trial.record(trial.result(giving!, await trial.grant(giving!), approved(15_000, '502')));
      const { shown, refundPendingMinor, surfacedMinor } = await trial.payment(command);
      expect([shown.status, shown.chargedAmount, shown.refundedAmount, refundPendingMinor, surfacedMinor]).toEqual(['succeeded', 15_000, 15_000, 0, 0]);
      expect(await trial.store.chargesOf(command.paymentId)).toMatchObject([
        { disposition: 'returned', returns: [{ attemptId: giving!.attemptId, rrn: '502' }] },
      ]);
    });

    it('is decided once by sixteen at a time', async () => {
      const command = await surfaced({ lateApproval: 'void' });
      const commands = await Promise.all(Array.from({ length: 16 }, () => decided(command)));
      expect(commands.filter((one) => one !== undefined)).toHaveLength(1);
      expect((await current().payment(command)).attempts).toHaveLength(2);
    });

    it('goes back when the same bill was charged under another id', async () => {
      const trial = current();
      const first = await trial.open({ orderId: 'twice' });
      const nonce = await trial.grant(first);
      await trial.record(trial.result(first, nonce, failed));
      const second = await trial.open({ orderId: 'twice' });
      await trial.record(trial.result(second, await trial.grant(second), approved(15_000, '503')));
      await trial.record(trial.result(first, nonce, approved(15_000, '504')));
      expect(await decided(first)).toMatchObject({ operation: 'void', original: { rrn: '504' } });
    });

    it('keeps the order busy until it is decided about', async () => {
      await surfaced({ orderId: 'late-bill' });
      await expect(current().open({ orderId: 'late-bill' })).rejects.toMatchObject({ code: 'payment.order_busy' });
    });

    it('is looked at again later when its void could not be delivered', async () => {
      const trial = current();
      const command = await surfaced({ lateApproval: 'void' });
      await decided(command);
      trial.nowMs += returnTimes.expiresInSeconds * 1_000;
      await new SweepExpired(trial.store, trial.around).execute();
      expect(await decided(command)).toBeUndefined();
      expect(await trial.payment(command)).toMatchObject({ refundPendingMinor: 0, decideAtMs: trial.nowMs + returnTimes.retryMs });
      trial.nowMs += returnTimes.retryMs;
      expect(await decided(command)).toMatchObject({ operation: 'void' });
    });
  });

  describe('a test', () => {
    it('is given back as soon as it is charged, by one of sixteen who look at once', async () => {
      const trial = current();
      const command = await charged('701', { purpose: 'test' });
      const given = (await Promise.all(Array.from({ length: 16 }, () => decided(command)))).filter((one) => one !== undefined);
      expect(given).toMatchObject([{ operation: 'void', amount: 15_000, original: { attemptId: command.attemptId } }]);
      await trial.record(trial.result(given[0]!, await trial.grant(given[0]!), approved(15_000, '702')));
      expect(await trial.payment(command)).toMatchObject({ decideAtMs: null, shown: { purpose: 'test', chargedAmount: 15_000, refundedAmount: 15_000 } });
      expect(await decided(command)).toBeUndefined();
    });

    it('is given back also when its charge surfaces late, whatever the site keeps', async () => {
      expect(await decided(await surfaced({ purpose: 'test', lateApproval: 'keep' }))).toMatchObject({ operation: 'void' });
    });

    it('stands in the way of no bill of its order', async () => {
      const trial = current();
      await trial.open({ orderId: 'tried', purpose: 'test' });
      const bill = await trial.open({ orderId: 'tried' });
      await expect(trial.open({ orderId: 'tried', purpose: 'test' })).resolves.toBeDefined();
      expect((await trial.store.newestOfOrder(bill.siteId, 'tried'))?.shown.id).toBe(bill.paymentId);
    });
  });

  describe('returns', () => {
    it('are open one at a time', async () => {
      const { store } = current();
      const command = await charged();
      const change = await returning(command, 'refund', 5_000);
      expect(await store.save(change)).toBe('saved');
      const record = await current().payment(command);
      const twin = { ...change.added!, shown: { ...change.added!.shown, id: current().id('att'), number: 3 } };
      expect(await store.save(changeOf(record, { added: twin, silent: true }, current().around))).toBe('stale');
    });

    it('in doubt count in full', async () => {
      const trial = current();
      const command = await charged();
      const change = await returning(command);
      await trial.store.save(change);
      const giving = { ...command, attemptId: change.added!.shown.id };
      await trial.record(trial.result(giving, await trial.grant(giving), unknown));
      const record = await trial.payment(command);
      expect([record.refundPendingMinor, record.shown.status]).toEqual([15_000, 'succeeded']);
      expect((await trial.store.terminal(command.siteId, command.terminalId)).occupant).toMatchObject({ attemptId: giving.attemptId, status: 'unknown' });
      expect(await trial.store.save(changeOf(record, { silent: true, money: { refundPendingMinor: 15_001 } }, trial.around))).toBe('stale');
    });

    it('give no more back of a charge than it took', async () => {
      const trial = current();
      const command = await charged();
      const record = await trial.payment(command);
      const [charge] = await trial.store.chargesOf(command.paymentId);
      const made = { chargeResultId: charge!.resultId, attemptId: command.attemptId, facts: noBankFacts, surfaced: false };
      const give = (amountMinor: number, refundedAmount: number): Change =>
        changeOf(record, { silent: true, returned: { ...made, resultId: trial.id('res'), amountMinor }, shown: { refundedAmount } }, trial.around);
      expect([await trial.store.save(give(15_001, 15_000)), await trial.store.save(give(1, 15_001)), await trial.store.save(give(15_000, 15_000))]).toEqual([
        'stale',
        'stale',
        'saved',
      ]);
    });

    it('never let a returned charge be kept again', async () => {
      const trial = current();
      const command = await charged();
      const [charge] = await trial.store.chargesOf(command.paymentId);
      const dispose = async (disposition: 'kept' | 'returned'): Promise<string> =>
        trial.store.save(changeOf(await trial.payment(command), { silent: true, disposed: { chargeResultId: charge!.resultId, disposition } }, trial.around));
      expect([await dispose('returned'), await dispose('kept')]).toEqual(['saved', 'stale']);
    });

    it('that were approved late are known operations of their terminal', async () => {
      const trial = current();
      const command = await charged('611');
      const change = await returning(command, 'void');
      await trial.store.save(change);
      const giving = { ...command, attemptId: change.added!.shown.id };
      const nonce = await trial.grant(giving);
      await trial.record(trial.result(giving, nonce, failed));
      const asked = { siteId: command.siteId, terminalId: command.terminalId, attemptId: command.attemptId, rrns: ['612'] };
      expect((await trial.store.knowledge(asked)).known).toEqual([]);
      expect(await trial.record(trial.result(giving, nonce, approved(15_000, '612')))).toBe('surface');
      expect((await trial.store.knowledge(asked)).known).toEqual(['612']);
      expect((await trial.store.knowledge({ ...asked, attemptId: giving.attemptId })).known).toEqual([]);
      expect(await trial.payment(command)).toMatchObject({ shown: { refundedAmount: 15_000 }, refundPendingMinor: 0 });
    });

    it('keep one charge of a payment', async () => {
      const trial = current();
      const command = await charged('602');
      await trial.record(trial.result(command, 'nonce_late', approved(15_000, '603')));
      const second = (await trial.store.chargesOf(command.paymentId)).find(({ surfaced: late }) => late);
      const disposed = { chargeResultId: second!.resultId, disposition: 'kept' } as const;
      expect(await trial.store.save(changeOf(await trial.payment(command), { silent: true, disposed }, trial.around))).toBe('stale');
    });

    it('reverse a sale once, ever', async () => {
      const trial = current();
      const command = await charged();
      const change = await returning(command, 'reversal');
      await trial.store.save(change);
      const giving = { ...command, attemptId: change.added!.shown.id };
      await trial.record(trial.result(giving, await trial.grant(giving), failed));
      const record = await trial.payment(command);
      const again = { ...change.added!, shown: { ...change.added!.shown, id: trial.id('att'), number: 3 } };
      expect(await trial.store.save(changeOf(record, { added: again, silent: true }, trial.around))).toBe('stale');
      await expect(returning(command, 'reversal')).rejects.toThrow('reversed-before');
    });
  });
}
