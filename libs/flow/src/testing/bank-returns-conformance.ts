import { noBankFacts } from '@kkm/core';
import type { AttemptResult, PaymentCommand } from '@kkm/core';
import { hiddenChangeOf } from '../ledger/change';
import { DecideLateMoney } from '../ledger/decide-late-money';
import { RefundPayment } from '../ledger/refund-payment';
import { attemptOf } from '../ledger/records';
import type { AttemptRecord, PaymentRecord } from '../ledger/records';
import { refundPauses, RefundAtBanks } from '../ledger/sbp/refund-at-banks';
import { SweepExpired } from '../ledger/sweep-expired';
import { returnTimes } from '../ledger/surroundings';
import { RefundingBank } from './refunding-bank';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const failed = { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts } as const;

/** What every store must do with returns that the ledger makes at a bank; part of `ledgerStoreConformance`. Each test ends its return, so that no later one is given it. */
export function bankReturnsConformance(current: () => StoreOnTrial): void {
  let bank: RefundingBank;
  beforeEach(() => {
    bank = new RefundingBank();
  });

  /** A bill of which the guest paid by QR what the bank told of: in time, or after its attempt had failed. */
  async function paid(when: 'in-time' | 'late' = 'in-time', lateApproval: 'keep' | 'void' = 'keep'): Promise<PaymentCommand> {
    const trial = current();
    const command = await trial.open({ method: 'sbp_qr', sbp: { by: 'bank_qr', windowSeconds: 180 }, lateApproval }, bank.asBanks());
    const nonce = await trial.grant(command);
    const record = await trial.payment(command);
    const { qr } = attemptOf(record, command.attemptId);
    const known = { ...qr!, stage: 'paid', askedAtMs: trial.nowMs, qrId: `AD-${command.attemptId}`, transactionId: 'tx-1', nextAskAtMs: null } as const;
    await trial.store.save(hiddenChangeOf(record, { qr: { attemptId: command.attemptId, qr: known } }));
    const said = (outcome: AttemptResult['outcome']): AttemptResult => ({ ...trial.result(command, nonce, outcome), source: 'bank' });
    if (when === 'late') await trial.record(said(failed));
    await trial.record(said(approved(15_000, 'tx-1')));
    return command;
  }

  async function refund({ paymentId }: PaymentCommand, amount: number | null = null): Promise<string> {
    const trial = current();
    const idempotency = { key: trial.id('ref'), fingerprint: 'refund' };
    const by = { kind: 'api_key', id: 'key_1', name: 'desk' } as const;
    const request = { idempotency, scope: null, paymentId, amount, reason: null, by };
    const { payment, command } = await new RefundPayment(trial.store, trial.around).execute(request);
    expect(command).toBeNull();
    return payment.attempts.at(-1)!.id;
  }

  /** One look of a ledger that has just started. */
  async function look(): Promise<void> {
    const trial = current();
    const failures: unknown[] = [];
    const watch = { asked: () => undefined, failed: (error: unknown) => failures.push(error) };
    await new RefundAtBanks({ store: trial.store, qrs: trial.store, around: trial.around, watch }, bank.asBanks()).execute();
    expect(failures).toEqual([]);
  }

  async function lookAfter(ms: number): Promise<void> {
    current().nowMs += ms;
    await look();
  }

  async function standing(command: PaymentCommand): Promise<readonly [AttemptRecord['shown']['status'] | undefined, number, number]> {
    const { attempts, shown, refundPendingMinor }: PaymentRecord = await current().payment(command);
    return [attempts.at(-1)?.shown.status, shown.refundedAmount, refundPendingMinor];
  }

  const asksOf = (refundId: string): readonly string[] => bank.asked.filter((one) => one.endsWith(refundId)).map((one) => one.split(' ')[0]!);

  describe('returns at a bank', () => {
    it('are made by the ledger, under the id of the return, once', async () => {
      const command = await paid();
      const attemptId = await refund(command, 5_000);
      await look();
      await lookAfter(refundPauses.maxMs);
      const name = { orderId: command.attemptId, qrId: `AD-${command.attemptId}`, transactionId: 'tx-1' };
      expect([...bank.made.values()]).toEqual([{ ...name, refundId: attemptId, amountMinor: 5_000, currency: 'RUB' }]);
      expect([await standing(command), asksOf(attemptId)]).toEqual([['approved', 5_000, 0], ['refund']]);
      const { permit } = attemptOf(await current().payment(command), attemptId);
      expect(permit).toMatchObject({ workerId: 'ledger', takeOvers: 0 });
      expect(await current().store.evidenceOf(command.paymentId)).toContainEqual(expect.objectContaining({ kind: 'bank', attemptId }));
    });

    it('are asked about, and asked for again only where the bank never heard of them', async () => {
      for (const [mood, expected] of [
        ['loses-answer', ['refund', 'status']],
        ['unreachable', ['refund', 'status', 'refund']],
      ] as const) {
        const command = await paid();
        const attemptId = await refund(command);
        bank.moods.push(mood);
        await look();
        expect(await standing(command)).toEqual(['granted', 0, 15_000]);
        await lookAfter(refundPauses.claimMs - 1);
        expect(asksOf(attemptId)).toHaveLength(1);
        await lookAfter(1);
        expect([await standing(command), asksOf(attemptId)]).toEqual([['approved', 15_000, 0], expected]);
        expect([...bank.made.keys()].filter((id) => id === attemptId)).toHaveLength(1);
      }
    });

    it('go on after a crash between permit and question', async () => {
      const command = await paid();
      const attemptId = await refund(command);
      const trial = current();
      const dead = { ...bank.asBanks(), of: () => Promise.reject(new RangeError('the process is gone')) };
      const watch = { asked: () => undefined, failed: () => undefined };
      await new RefundAtBanks({ store: trial.store, qrs: trial.store, around: trial.around, watch }, dead).execute();
      expect([await standing(command), asksOf(attemptId)]).toEqual([['granted', 0, 15_000], []]);
      await lookAfter(refundPauses.claimMs);
      expect([await standing(command), asksOf(attemptId)]).toEqual([
        ['approved', 15_000, 0],
        ['status', 'refund'],
      ]);
    });

    it('are waited for with growing pauses while the bank is at it, and are not in doubt', async () => {
      const command = await paid();
      const attemptId = await refund(command);
      bank.says = () => ({ kind: 'working' });
      for (let ms = 0; ms <= 120_000; ms += 1_000) await lookAfter(ms === 0 ? 0 : 1_000);
      expect([await standing(command), asksOf(attemptId)]).toEqual([
        ['granted', 0, 15_000],
        ['refund', 'status', 'status', 'status', 'status', 'status'],
      ]);
      bank.says = ({ amountMinor }) => ({ kind: 'done', amountMinor, transactionId: null });
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });

    it('are in doubt after a minute of silence, count in full, and are asked about until the bank has spoken', async () => {
      const command = await paid();
      await refund(command);
      bank.moods.push(...Array.from({ length: 40 }, () => 'loses-answer' as const));
      await look();
      for (let ms = 0; ms < refundPauses.doubtMs - 1_000; ms += 1_000) await lookAfter(1_000);
      expect(await standing(command)).toEqual(['granted', 0, 15_000]);
      await lookAfter(refundPauses.doubtMs);
      expect(await standing(command)).toEqual(['unknown', 0, 15_000]);
      expect((await current().payment(command)).shown.status).toBe('succeeded');
      await expect(refund(command, 1)).rejects.toMatchObject({ code: 'payment.not_refundable' });
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['unknown', 0, 15_000]);
      bank.moods.length = 0;
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });

    it('that the bank refuses give nothing back, and can be asked for anew', async () => {
      const command = await paid();
      await refund(command);
      bank.moods.push('refuses');
      await look();
      expect(await standing(command)).toEqual(['declined', 0, 0]);
      await refund(command);
      await look();
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });

    it('are not refused by a no to the repeat of what may have been done', async () => {
      const command = await paid();
      const attemptId = await refund(command);
      bank.moods.push('loses-answer');
      await look();
      const made = bank.made.get(attemptId)!;
      bank.made.delete(attemptId);
      bank.moods.push('answers', 'refuses');
      await lookAfter(refundPauses.claimMs);
      expect([await standing(command), asksOf(attemptId)]).toEqual([
        ['granted', 0, 15_000],
        ['refund', 'status', 'refund'],
      ]);
      bank.made.set(attemptId, made);
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });

    it('that a bank refuses for good end once it has denied to know them for long enough', async () => {
      const command = await paid();
      await refund(command);
      bank.moods.push('unreachable');
      await look();
      bank.moods.push('answers', 'refuses');
      await lookAfter(refundPauses.doubtMs);
      expect(await standing(command)).toEqual(['declined', 0, 0]);
    });

    it('never believe in more than was asked for', async () => {
      const command = await paid();
      await refund(command, 5_000);
      bank.says = () => ({ kind: 'done', amountMinor: 5_001, transactionId: null });
      await look();
      expect(await standing(command)).toEqual(['granted', 0, 5_000]);
      bank.says = ({ amountMinor }) => ({ kind: 'done', amountMinor, transactionId: null });
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['approved', 5_000, 0]);
    });

    it('do not expire while the ledger stands still, and hold no terminal', async () => {
      const trial = current();
      const command = await paid();
      await refund(command);
      trial.nowMs += returnTimes.expiresInSeconds * 1_000;
      await new SweepExpired(trial.store, trial.around).execute();
      bank.moods.push('loses-answer');
      await look();
      const card = await trial.open({ terminalId: command.terminalId });
      await expect(trial.grant(card)).resolves.toBeDefined();
      await lookAfter(refundPauses.maxMs);
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });
  });

  describe('late money of a QR', () => {
    const decide = (): Promise<unknown> => new DecideLateMoney(current().store, current().around).execute();

    it('is kept where the site keeps it, and can be refunded', async () => {
      const command = await paid('late');
      await decide();
      expect((await current().payment(command)).shown).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
      await refund(command);
      await look();
      expect(await standing(command)).toEqual(['approved', 15_000, 0]);
    });

    it('goes back by the bank once where the site gives it back, whatever stands open at the terminal and however often the ledger starts', async () => {
      const trial = current();
      const command = await paid('late', 'void');
      const card = await trial.open({ terminalId: command.terminalId });
      await trial.record(trial.result(card, await trial.grant(card), unknown));
      await Promise.all([decide(), decide(), decide()]);
      bank.moods.push('loses-answer');
      await look();
      for (let round = 0; round < 4; round += 1) {
        await decide();
        await lookAfter(refundPauses.maxMs);
      }
      expect([await standing(command), [...bank.made.values()].filter(({ orderId }) => orderId === command.attemptId)]).toMatchObject([
        ['approved', 15_000, 0],
        [{ amountMinor: 15_000 }],
      ]);
      const { attempts, surfacedMinor, shown } = await trial.payment(command);
      expect([attempts.map((one) => `${one.shown.operation} ${one.moneyPath}`), surfacedMinor, shown.chargedAmount]).toEqual([
        ['sale bank_qr', 'refund bank_qr'],
        0,
        15_000,
      ]);
    });
  });
}
