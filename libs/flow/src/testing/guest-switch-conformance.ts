import { noBankFacts } from '@kkm/core';
import type { AttemptResult, Outcome, OutcomeReason, PaymentCommand, SbpWay } from '@kkm/core';
import { CancelPayment } from '../ledger/cancel-payment';
import { ClosePayment } from '../ledger/close-payment';
import { RedoPayment } from '../ledger/redo-payment';
import { SwitchPayment } from '../ledger/switch-payment';
import { noBanks } from './no-banks';
import { RefundingBank } from './refunding-bank';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const byKey: SbpWay = { by: 'bank_qr', windowSeconds: 90, guestSwitch: 'cancel_key' };
const ended = (reason: OutcomeReason): Outcome => ({ kind: 'cancelled', reason, facts: noBankFacts });
const pressed = ended('customer_cancelled');

/** What every store must do when the terminal's cancel key lets a guest change over; part of `ledgerStoreConformance`. */
export function guestSwitchConformance(current: () => StoreOnTrial): void {
  const banks = new RefundingBank().asBanks();
  const open = (sbp: SbpWay = byKey): Promise<PaymentCommand> => current().open({ method: 'card_or_sbp_qr', sbp }, banks);

  /** The command of the attempt that is queued now, as the ledger sends it. */
  async function sent({ paymentId }: PaymentCommand): Promise<PaymentCommand> {
    const errands = await current().store.dueErrands(current().nowMs, { firstMs: 1_000, maxMs: 1_000, waitingMaxMs: 60_000, limit: 1_000 });
    const found = errands.find(({ kind, command }) => kind === 'run' && command.paymentId === paymentId);
    if (!found) throw new RangeError('nothing is sent');
    return found.command;
  }

  /** Grants the attempt and lets its guest end it; the end of a bank's QR is the bank's word. */
  async function end(command: PaymentCommand, outcome: Outcome = pressed): Promise<void> {
    const trial = current();
    const nonce = await trial.grant(command);
    const result: AttemptResult = trial.result(command, nonce, outcome);
    expect(await trial.record(command.moneyPath === 'bank_qr' ? { ...result, source: 'bank' } : result)).toBe('record');
  }

  /** The payment in short: its status and its attempts. */
  async function standing(command: PaymentCommand): Promise<readonly unknown[]> {
    const { shown, attempts } = await current().payment(command);
    return [shown.status, ...attempts.map((one) => `${one.shown.method} ${one.moneyPath} ${one.shown.status}`)];
  }

  describe('a cancel key that lets the guest change over', () => {
    it('opens the QR in the change that proves the card uncharged', async () => {
      const command = await open();
      await end(command);
      expect(await standing(command)).toEqual(['pending', 'card terminal cancelled', 'sbp_qr bank_qr queued']);
      const { attempts, shown } = await current().payment(command);
      expect([attempts[1]?.qr, shown.cancelRequested]).toMatchObject([{ bank: 'raiffeisen', stage: 'planned', windowMs: 90_000 }, null]);
      expect(await sent(command)).toMatchObject({ operation: 'sale', method: 'sbp_qr', moneyPath: 'bank_qr', amount: 15_000 });
    });

    it('goes to the QR once and back to the card once; the next press ends the payment, for good', async () => {
      const command = await open();
      await end(command);
      await end(await sent(command));
      expect(await standing(command)).toEqual(['pending', 'card terminal cancelled', 'sbp_qr bank_qr cancelled', 'card terminal queued']);
      await end(await sent(command));
      const over = ['cancelled', 'card terminal cancelled', 'sbp_qr bank_qr cancelled', 'card terminal cancelled'];
      expect(await standing(command)).toEqual(over);
      await new ClosePayment(current().store, current().around).execute({ scope: null, paymentId: command.paymentId });
      expect(await standing(command)).toEqual(over);
    });

    it('takes the money of the method the guest stayed with, once', async () => {
      const command = await open();
      await end(command);
      await end(await sent(command), approved(15_000, '811'));
      expect(await standing(command)).toEqual(['succeeded', 'card terminal cancelled', 'sbp_qr bank_qr approved']);
    });

    it.each([
      ['the profile gives it no such meaning', { by: 'bank_qr', windowSeconds: 90 }, pressed],
      ['the terminal waited in vain', byKey, ended('customer_timeout')],
      ['the cashier cancelled', byKey, ended('cashier_cancelled')],
      ['the card was declined', byKey, { kind: 'declined', reason: 'do_not_honour', facts: noBankFacts }],
      ['nobody knows', byKey, unknown],
    ] as const)('changes nothing where %s', async (_why, sbp, outcome) => {
      const command = await open(sbp);
      await end(command, outcome);
      expect((await current().payment(command)).attempts).toHaveLength(1);
    });

    it('only cancels a payment by card alone, and where the site has no bank', async () => {
      const card = await current().open({ method: 'card', sbp: byKey }, banks);
      const poor = await current().open({ method: 'card_or_sbp_qr', sbp: byKey }, noBanks);
      for (const command of [card, poor]) {
        await end(command);
        expect(await standing(command)).toEqual(['cancelled', 'card terminal cancelled']);
      }
    });

    it('gives way to a cancel that was asked for', async () => {
      const trial = current();
      const command = await open();
      const nonce = await trial.grant(command);
      await new CancelPayment(trial.store, trial.around).execute({ scope: null, paymentId: command.paymentId });
      await trial.record(trial.result(command, nonce, pressed));
      expect(await standing(command)).toEqual(['cancelled', 'card terminal cancelled']);
    });

    it('lets the guest go back from a QR that the cashier asked for', async () => {
      const trial = current();
      const command = await open();
      await new SwitchPayment(trial.store, trial.around, banks).execute({ scope: null, paymentId: command.paymentId, method: 'sbp_qr', sbp: byKey });
      await end(await sent(command));
      expect(await standing(command)).toEqual(['pending', 'card terminal withdrawn', 'sbp_qr bank_qr cancelled', 'card terminal queued']);
    });

    it('means what the terminal of the redo says', async () => {
      const trial = current();
      const command = await open({ by: 'bank_qr', windowSeconds: 90 });
      await end(command);
      const idempotency = { key: trial.id('ref'), fingerprint: 'redo' };
      const asked = { scope: null, paymentId: command.paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 60, sbp: byKey, idempotency };
      const redone = await new RedoPayment(trial.store, trial.around, banks).execute(asked);
      await end(redone.command!);
      expect(await standing(command)).toEqual(['pending', 'card terminal cancelled', 'card terminal cancelled', 'sbp_qr bank_qr queued']);
    });

    it('opens nothing while money of the payment waits for a decision', async () => {
      const trial = current();
      const command = await open();
      const first = await trial.grant(command);
      await trial.record(trial.result(command, first, ended('customer_timeout')));
      const idempotency = { key: trial.id('ref'), fingerprint: 'redo' };
      const asked = { scope: null, paymentId: command.paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 60, sbp: byKey, idempotency };
      const redone = (await new RedoPayment(trial.store, trial.around, banks).execute(asked)).command!;
      const nonce = await trial.grant(redone);
      await trial.record(trial.result(command, first, approved(15_000, '812')));
      await trial.record(trial.result(redone, nonce, pressed));
      expect((await trial.payment(command)).attempts).toHaveLength(2);
    });
  });
}
