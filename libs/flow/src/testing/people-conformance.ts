import { noBankFacts } from '@kkm/core';
import type { AttemptResult, Outcome, PaymentCommand, ResolvePaymentRequest } from '@kkm/core';
import { CloseEnded } from '../ledger/close-payment';
import { showPayment } from '../ledger/records';
import { ResolvePayment } from '../ledger/resolve-payment';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const failed: Outcome = { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts };

/** What every store must do with what people decide; part of `ledgerStoreConformance`. */
export function peopleConformance(trialNow: () => StoreOnTrial): void {
  describe('people', () => {
    let trial: StoreOnTrial;
    beforeEach(() => {
      trial = trialNow();
    });

    async function doubted(): Promise<PaymentCommand & { readonly nonce: string }> {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await trial.record(trial.result(command, nonce, unknown));
      return { ...command, nonce };
    }

    const decide = ({ paymentId }: PaymentCommand, charged: boolean, more: Partial<ResolvePaymentRequest> = {}) => {
      const by = { kind: 'api_key', id: 'key_1', name: 'Manager' } as const;
      const request = { scope: null, paymentId, attemptId: null, charged, chargedAmount: null, evidence: 'the bank’s list', by, idempotency: null, ...more };
      return new ResolvePayment(trial.store, trial.around).execute(request);
    };

    const told = (command: PaymentCommand, outcome: Outcome): AttemptResult => ({ ...trial.result(command, 'nonce_other', outcome), source: 'recovery' });

    it('gives back a decision as it was made, with its charge, and frees the terminal', async () => {
      const command = await doubted();
      const payment = await decide(command, true, { chargedAmount: 9_000 });
      expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 9_000, attempts: [{ resolvedBy: { charged: true, terminal: 'awaited' } }] });
      expect(showPayment(await trial.payment(command))).toEqual(payment);
      expect(await trial.store.chargesOf(command.paymentId)).toMatchObject([{ amountMinor: 9_000, rrn: null, disposition: 'kept' }]);
      expect((await trial.store.terminal(command.siteId, command.terminalId)).occupant).toBeNull();
      expect(await trial.store.evidenceOf(command.paymentId)).toMatchObject([{ kind: 'answer' }, { kind: 'person' }]);
    });

    it('adds the terminal’s answer once; a confirmed charge is named to the bank', async () => {
      const command = await doubted();
      await decide(command, true);
      expect(await trial.record(told(command, approved(15_000, '81')))).toBe('confirm');
      const payment = showPayment(await trial.payment(command));
      expect(payment.attempts).toMatchObject([{ status: 'approved', rrn: '81', resolvedBy: { terminal: 'confirmed' } }]);
      expect(await trial.store.chargesOf(command.paymentId)).toMatchObject([{ amountMinor: 15_000, rrn: '81' }]);
      expect(await trial.record(told(command, approved(15_000, '81')))).toBe('drop');
      expect(await trial.record(told(command, failed))).toBe('drop');
      expect(showPayment(await trial.payment(command))).toEqual(payment);
    });

    it('keeps a contradiction and surfaced money beside the decision', async () => {
      const command = await doubted();
      await decide(command, false);
      expect(await trial.record(told(command, approved(15_000, '82')))).toBe('surface');
      const { surfaced, conflicts, status, attempts } = showPayment(await trial.payment(command));
      expect([status, attempts[0]?.resolvedBy?.terminal]).toEqual(['failed', 'contradicted']);
      expect(surfaced).toEqual([
        { attemptId: command.attemptId, amount: 15_000, rrn: '82', disposition: 'undecided', at: new Date(trial.nowMs).toISOString() },
      ]);
      expect(conflicts).toMatchObject([{ person: { charged: false }, terminal: { charged: true, chargedAmount: 15_000, evidence: { rrn: '82' } } }]);
    });

    it('decides an attempt once, whoever of many is first', async () => {
      const command = await doubted();
      const all = await Promise.allSettled([true, false, true, false].map((charged) => decide(command, charged)));
      const { resolvedBy } = showPayment(await trial.payment(command)).attempts[0]!;
      expect(all.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false].map((charged) => charged === resolvedBy?.charged));
    });

    it('closes what has ended and was not touched since', async () => {
      const hourMs = 3_600_000;
      const [ended, open] = [await doubted(), await doubted()];
      await decide(ended, false);
      trial.nowMs += hourMs;
      const late = await doubted();
      await decide(late, false);
      expect(await trial.store.paymentsToClose(trial.nowMs - hourMs, 1_000)).toEqual(expect.arrayContaining([ended.paymentId]));
      while ((await new CloseEnded(trial.store, trial.around).execute(hourMs)) > 0);
      const closed = await Promise.all([ended, open, late].map(async (command) => (await trial.payment(command)).shown.closedAt));
      expect(closed).toEqual([new Date(trial.nowMs).toISOString(), null, null]);
    });
  });
}
