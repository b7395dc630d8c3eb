import { noBankFacts } from '@kkm/core';
import type { AttemptResult, CancelledPayment, Outcome, PaymentCommand, SwitchPaymentRequest } from '@kkm/core';
import { CancelPayment } from '../ledger/cancel-payment';
import { RedoPayment } from '../ledger/redo-payment';
import { ResolvePayment } from '../ledger/resolve-payment';
import { attemptOf, openSaleOf } from '../ledger/records';
import { SweepExpired } from '../ledger/sweep-expired';
import { SwitchPayment } from '../ledger/switch-payment';
import { sampleBank } from './gateway-ports';
import { noBanks } from './no-banks';
import { RefundingBank } from './refunding-bank';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const byBank = { by: 'bank_qr', windowSeconds: 90 } as const;
const stopped: Outcome = { kind: 'cancelled', reason: 'cashier_cancelled', facts: noBankFacts };
const person = { by: { kind: 'api_key', id: 'op-1', name: 'Anna' }, evidence: 'the slip says so' } as const;

/** What every store must do when a guest changes over to the other method; part of `ledgerStoreConformance`. */
export function switchConformance(current: () => StoreOnTrial): void {
  const banks = new RefundingBank().asBanks();

  async function change(
    { paymentId }: PaymentCommand,
    method: SwitchPaymentRequest['method'],
    wanted: Partial<SwitchPaymentRequest> = {},
  ): Promise<CancelledPayment> {
    return new SwitchPayment(current().store, current().around, banks).execute({ scope: null, paymentId, method, sbp: byBank, ...wanted });
  }

  const cancel = ({ paymentId }: PaymentCommand): Promise<CancelledPayment> =>
    new CancelPayment(current().store, current().around).execute({ scope: null, paymentId });

  const open = (): Promise<PaymentCommand> => current().open({ method: 'card_or_sbp_qr', sbp: byBank, bank: sampleBank }, banks);

  /** A card sale that a worker has under way, with the switch asked for. */
  async function changing(): Promise<{ readonly command: PaymentCommand; readonly nonce: string }> {
    const command = await open();
    const nonce = await current().grant(command);
    await change(command, 'sbp_qr');
    return { command, nonce };
  }

  /** The payment in short: its status, what is asked of it, and its attempts. */
  async function standing(command: PaymentCommand): Promise<readonly unknown[]> {
    const { shown, attempts } = await current().payment(command);
    return [shown.status, shown.cancelRequested, shown.switchTo, attempts.map((one) => `${one.shown.method} ${one.moneyPath} ${one.shown.status}`)];
  }

  async function due(command: PaymentCommand): Promise<readonly PaymentCommand[]> {
    const errands = await current().store.dueErrands(current().nowMs, { firstMs: 1_000, maxMs: 1_000, waitingMaxMs: 60_000, limit: 1_000 });
    return errands.filter((errand) => errand.kind === 'run' && errand.command.paymentId === command.paymentId).map((errand) => errand.command);
  }

  const followed = ['pending', null, null, ['card terminal cancelled', 'sbp_qr bank_qr queued']];

  describe('a change of method', () => {
    it('waits for the end of the running attempt, and the next opens in the change that proves it uncharged', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      expect(await standing(command)).toEqual(['in_progress', 'pending', 'sbp_qr', ['card terminal granted']]);
      expect((await trial.payment(command)).switchQr).toMatchObject({ bank: 'raiffeisen', stage: 'planned', windowMs: 90_000 });
      await trial.record(trial.result(command, nonce, stopped));
      expect(await standing(command)).toEqual(followed);
      const record = await trial.payment(command);
      expect([record.switchQr, openSaleOf(record)]).toMatchObject([
        null,
        { qr: { bank: 'raiffeisen', stage: 'planned', windowMs: 90_000 }, ledgerSends: true },
      ]);
      expect(record.attempts[1]?.shown).toMatchObject({ number: 2, amount: 15_000, terminalId: command.terminalId, bank: null });
    });

    it('is sent for at once, and again only after a pause', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      expect(await due(command)).toEqual([]);
      await trial.record(trial.result(command, nonce, stopped));
      const [sent] = await due(command);
      expect(sent).toMatchObject({ operation: 'sale', method: 'sbp_qr', moneyPath: 'bank_qr', amount: 15_000 });
      expect(await due(command)).toEqual([]);
      await trial.grant(sent!);
      trial.nowMs += 60_000;
      expect(await due(command)).toEqual([]);
    });

    it('happens at once while nothing has begun, and back again', async () => {
      const command = await open();
      expect(await due(command)).toEqual([]);
      const { payment, driving } = await change(command, 'sbp_qr');
      expect([payment.status, driving, await standing(command)]).toEqual([
        'pending',
        null,
        ['pending', null, null, ['card terminal withdrawn', 'sbp_qr bank_qr queued']],
      ]);
      await change(command, 'card');
      expect(await standing(command)).toEqual(['pending', null, null, ['card terminal withdrawn', 'sbp_qr bank_qr withdrawn', 'card terminal queued']]);
      // A bank's QR has a contract of its own; back at the terminal the money goes where it went before.
      expect((await current().payment(command)).attempts.map((one) => one.shown.bank)).toEqual([sampleBank, null, sampleBank]);
    });

    it('goes from a QR to the card once the bank has confirmed that nobody can pay it', async () => {
      const trial = current();
      const command = await open();
      await change(command, 'sbp_qr');
      const [shown] = await due(command);
      const nonce = await trial.grant(shown!);
      expect((await change(command, 'card')).driving).toMatchObject({ attemptId: shown!.attemptId });
      const dead: AttemptResult = { ...trial.result(shown!, nonce, stopped), source: 'bank' };
      expect(await trial.record({ ...dead, source: 'answer' })).toBe('drop');
      expect((await trial.payment(command)).attempts).toHaveLength(2);
      await trial.record(dead);
      expect(await standing(command)).toEqual(['pending', null, null, ['card terminal withdrawn', 'sbp_qr bank_qr cancelled', 'card terminal queued']]);
      expect(await due(command)).toMatchObject([{ method: 'card', operation: 'sale' }]);
    });

    it('is followed by nothing when the running attempt was charged', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      await trial.record(trial.result(command, nonce, approved(15_000, '801')));
      expect(await standing(command)).toEqual(['succeeded', null, null, ['card terminal approved']]);
      expect((await trial.payment(command)).switchQr).toBeNull();
    });

    it('is followed by nothing while other money of the payment waits for a decision', async () => {
      const trial = current();
      const command = await open();
      const first = await trial.grant(command);
      await trial.record(trial.result(command, first, stopped));
      const idempotency = { key: trial.id('ref'), fingerprint: 'redo' };
      const asked = { scope: null, paymentId: command.paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 60 };
      const redone = (await new RedoPayment(trial.store, trial.around, banks).execute({ ...asked, idempotency })).command!;
      const nonce = await trial.grant(redone);
      await change(command, 'sbp_qr');
      await trial.record(trial.result(command, first, approved(15_000, '802')));
      await trial.record(trial.result(redone, nonce, stopped));
      expect(await standing(command)).toEqual(['cancelled', 'done', null, ['card terminal cancelled', 'card terminal cancelled']]);
    });

    it('waits while the outcome is in doubt, and goes on when recovery or a person proves it uncharged', async () => {
      const trial = current();
      for (const by of ['recovery', 'person'] as const) {
        const { command, nonce } = await changing();
        await trial.record(trial.result(command, nonce, unknown));
        expect(await standing(command)).toEqual(['in_doubt', 'pending', 'sbp_qr', ['card terminal unknown']]);
        const request = {
          scope: null,
          paymentId: command.paymentId,
          attemptId: null,
          charged: false,
          chargedAmount: null,
          idempotency: null,
          ...person,
        } as const;
        if (by === 'person') await new ResolvePayment(trial.store, trial.around).execute(request);
        else await trial.record({ ...trial.result(command, nonce, { ...stopped, kind: 'failed', reason: 'terminal_fault' }), source: 'recovery' });
        expect(await standing(command)).toEqual(['pending', null, null, ['card terminal failed', 'sbp_qr bank_qr queued']]);
      }
    });

    it('goes no further after a plain cancel, and is not asked for against one', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      await cancel(command);
      expect(await standing(command)).toEqual(['in_progress', 'pending', null, ['card terminal granted']]);
      await expect(change(command, 'sbp_qr')).rejects.toMatchObject({ code: 'payment.not_switchable' });
      await trial.record(trial.result(command, nonce, stopped));
      expect(await standing(command)).toEqual(['cancelled', 'done', null, ['card terminal cancelled']]);
    });

    it('is recorded once however often it is asked for', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      const { sequence } = (await trial.payment(command)).shown;
      await Promise.all(Array.from({ length: 4 }, () => change(command, 'sbp_qr')));
      expect((await trial.payment(command)).shown.sequence).toBe(sequence);
      await Promise.all(Array.from({ length: 4 }, () => trial.record(trial.result(command, nonce, stopped))));
      expect(await standing(command)).toEqual(followed);
    });

    it('never leaves two sales open, of sixteen simultaneous ones', async () => {
      const command = await open();
      await Promise.allSettled(Array.from({ length: 16 }, (_, n) => change(command, n % 2 === 0 ? 'sbp_qr' : 'card')));
      const live = (await current().payment(command)).attempts.filter(({ shown }) => shown.status === 'queued');
      expect(live).toHaveLength(1);
    });

    it('is refused where the guest had no choice, where nothing is open, and where the site has no bank', async () => {
      const trial = current();
      const plain = await trial.open({ method: 'card' });
      await expect(change(plain, 'sbp_qr')).rejects.toMatchObject({ code: 'payment.not_switchable' });
      const command = await open();
      await expect(change(command, 'card')).rejects.toMatchObject({ code: 'payment.not_switchable' });
      await expect(change(command, 'sbp_qr', { sbp: { by: 'none' } })).rejects.toMatchObject({ code: 'sbp.not_offered' });
      const poor = new SwitchPayment(trial.store, trial.around, noBanks);
      const request = { scope: null, paymentId: command.paymentId, method: 'sbp_qr', sbp: byBank } as const;
      await expect(poor.execute(request)).rejects.toMatchObject({ code: 'sbp.bank_not_configured' });
      await expect(poor.execute({ ...request, scope: ['club-of-others'] })).rejects.toMatchObject({ code: 'payment.not_found' });
      expect(await standing(command)).toEqual(['pending', null, null, ['card terminal queued']]);
      await cancel(command);
      await expect(change(command, 'sbp_qr')).rejects.toMatchObject({ code: 'payment.not_switchable' });
      const within = await trial.open({ method: 'card_or_sbp_qr', sbp: { by: 'terminal' } }, banks);
      await expect(change(within, 'sbp_qr')).rejects.toMatchObject({ code: 'payment.not_switchable' });
    });

    it('ends with the time of the attempt that follows, when nobody comes for it', async () => {
      const trial = current();
      const { command, nonce } = await changing();
      await trial.record(trial.result(command, nonce, stopped));
      const { expiresAtMs } = attemptOf(await trial.payment(command), (await due(command))[0]!.attemptId);
      trial.nowMs = expiresAtMs;
      await new SweepExpired(trial.store, trial.around).execute();
      expect(await standing(command)).toEqual(['expired', null, null, ['card terminal cancelled', 'sbp_qr bank_qr expired']]);
    });
  });
}
