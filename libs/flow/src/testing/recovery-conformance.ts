import type { BaselineRequest, PaymentCommand, SbpWay, TerminalKnowledge } from '@kkm/core';
import { EndBaseline, RecordBaseline } from '../ledger/know-terminal';
import type { ErrandTimes } from '../ledger/errands';
import { ResolvePayment } from '../ledger/resolve-payment';
import { SwitchPayment } from '../ledger/switch-payment';
import { RefundingBank } from './refunding-bank';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const by = { kind: 'api_key', id: 'key_1', name: 'the manager' } as const;
const times: ErrandTimes & { readonly limit: number } = { firstMs: 5_000, maxMs: 15_000, waitingMaxMs: 60_000, limit: 100_000 };

/** What every store must know of terminals and send for; part of `ledgerStoreConformance`. */
export function recoveryConformance(trialNow: () => StoreOnTrial): void {
  const baseline = (command: PaymentCommand, rrns: readonly string[], change: Partial<BaselineRequest> = {}) => {
    const { siteId, terminalId } = command;
    const operations = rrns.map((rrn) => ({ rrn, operation: 'sale' as const, amountMinor: 100, terminalTime: '20261123120000' }));
    const report = { bankTerminalId: '20250001', serialNumber: 'Q25', since: '20261123080000', operations };
    const trial = trialNow();
    return new RecordBaseline(trial.store, trial.around).execute({ workerId: 'worker-1', siteId, terminalId, ...report, ...change });
  };
  const end = async ({ siteId, terminalId }: PaymentCommand, workerId = 'worker-1'): Promise<string> =>
    (await new EndBaseline(trialNow().store).execute({ workerId, siteId, terminalId })).kind;
  const knowledge = (command: PaymentCommand, rrns: readonly string[]): Promise<TerminalKnowledge> => {
    const { siteId, terminalId, attemptId } = command;
    return trialNow().store.knowledge({ siteId, terminalId, attemptId, rrns });
  };
  /** An attempt that ran on a terminal and was approved. */
  const charged = async (terminalId: string, rrn: string): Promise<void> => {
    const trial = trialNow();
    const command = await trial.open({ terminalId });
    await trial.record(trial.result(command, await trial.grant(command), approved(15_000, rrn)));
  };
  const due = async (attemptId: string) => {
    const errands = await trialNow().store.dueErrands(trialNow().nowMs, times);
    return errands.filter(({ command }) => command.attemptId === attemptId).map(({ kind, nextMs }) => [kind, nextMs - trialNow().nowMs]);
  };

  describe('what is known of terminals', () => {
    it('is nothing by absence until a report was recorded before the grant', async () => {
      const trial = trialNow();
      const terminalId = trial.id('ref');
      await charged(terminalId, '71');
      trial.nowMs += 10;
      const command = await trial.open({ terminalId });
      await trial.grant(command);
      expect(await knowledge(command, ['71', '72'])).toEqual({ known: ['71'], baseline: null, anchor: null });
    });

    it('is what the last report showed, and what was recorded since', async () => {
      const trial = trialNow();
      const terminalId = trial.id('ref');
      await charged(terminalId, '81');
      const next = await trial.open({ terminalId });
      expect((await trial.store.terminal(next.siteId, terminalId)).baselined).toBe(false);
      expect(await baseline(next, ['81', '82'])).toEqual({ kind: 'kept', found: 1 });
      expect((await trial.store.terminal(next.siteId, terminalId)).baselined).toBe(true);
      trial.nowMs += 10;
      const first = await trial.grant(next);
      const seen = { bankTerminalId: '20250001', serialNumber: 'Q25' };
      expect(await knowledge(next, ['81', '82', '83'])).toMatchObject({ known: ['81', '82'], baseline: seen, anchor: { kind: 'operation', rrn: '82' } });
      trial.nowMs += 10;
      await trial.record(trial.result(next, first, approved(15_000, '84')));
      trial.nowMs += 10;
      const later = await trial.open({ terminalId });
      await trial.grant(later);
      expect(await knowledge(later, ['84', '85'])).toMatchObject({ known: ['84'], anchor: { kind: 'operation', rrn: '84' } });
    });

    it('is a period where nothing was made in it, and does not count the attempt itself', async () => {
      const trial = trialNow();
      const command = await trial.open({ terminalId: trial.id('ref') });
      await trial.lease(command);
      await baseline(command, []);
      trial.nowMs += 10;
      const nonce = await trial.grant(command);
      await trial.record(trial.result(command, nonce, unknown));
      expect(await knowledge(command, ['91'])).toMatchObject({ known: [], anchor: { kind: 'period', since: '20261123080000' } });
      await trial.record(trial.result(command, nonce, approved(15_000, '91')));
      expect((await knowledge(command, ['91'])).known).toEqual([]);
    });

    it('is not taken from a report that was read while an attempt was unfinished, or by a worker without the lease', async () => {
      const trial = trialNow();
      const command = await trial.open({ terminalId: trial.id('ref') });
      expect(await baseline(command, [])).toEqual({ kind: 'not-leased' });
      await trial.lease(command);
      expect(await baseline(command, [], { workerId: 'worker-2' })).toEqual({ kind: 'not-leased' });
      await trial.grant(command);
      expect(await baseline(command, ['95'])).toEqual({ kind: 'busy' });
      expect(await knowledge(command, ['95'])).toEqual({ known: [], baseline: null, anchor: null });
    });

    it('is nothing again from a settlement on, until the report after it was read', async () => {
      const trial = trialNow();
      const command = await trial.open({ terminalId: trial.id('ref') });
      await trial.lease(command);
      await baseline(command, ['96']);
      expect(await end(command)).toBe('ended');
      expect((await trial.store.terminal(command.siteId, command.terminalId)).baselined).toBe(false);
      await baseline(command, [], { since: '20261123220000' });
      trial.nowMs += 10;
      await trial.grant(command);
      expect(await knowledge(command, ['96'])).toMatchObject({ known: ['96'], anchor: { kind: 'period', since: '20261123220000' } });
    });

    it('is not forgotten while an attempt is granted, in doubt or decided by a person alone, nor at the word of a worker without the lease', async () => {
      const trial = trialNow();
      const command = await trial.open({ terminalId: trial.id('ref') });
      expect(await end(command)).toBe('not-leased');
      await trial.lease(command);
      await baseline(command, []);
      expect(await end(command, 'worker-2')).toBe('not-leased');
      const nonce = await trial.grant(command);
      const granted = await end(command);
      await trial.record(trial.result(command, nonce, unknown));
      const inDoubt = await end(command);
      const decision = { charged: false, chargedAmount: null, evidence: 'The guest says no.', by, attemptId: null, idempotency: null };
      await new ResolvePayment(trial.store, trial.around).execute({ scope: null, paymentId: command.paymentId, ...decision });
      expect([granted, inDoubt, await end(command)]).toEqual(['busy', 'busy', 'busy']);
      expect((await trial.store.terminal(command.siteId, command.terminalId)).baselined).toBe(true);
    });

    it('is looked at anew by whoever saw it before and would take the lease', async () => {
      const trial = trialNow();
      const command = await trial.open({ terminalId: trial.id('ref') });
      const { siteId, terminalId } = command;
      await trial.lease(command);
      await baseline(command, []);
      const seen = await trial.store.terminal(siteId, terminalId);
      await end(command);
      const lease = { siteId, terminalId, workerId: 'worker-2', version: seen.lease?.version ?? 0, drivenUntilMs: null, nowMs: trial.nowMs };
      expect(await trial.store.takeLease(lease)).toBe(false);
    });
  });

  describe('errands', () => {
    it('are sent for an attempt in doubt, first after a pause, then with growing ones', async () => {
      const trial = trialNow();
      const command = await trial.open();
      const nonce = await trial.grant(command);
      expect(await due(command.attemptId)).toEqual([]);
      await trial.record(trial.result(command, nonce, unknown));
      const sent: unknown[] = [];
      for (const ms of [0, 4_999, 1, 4_999, 1, 9_999, 1]) {
        trial.nowMs += ms;
        sent.push(await due(command.attemptId));
      }
      expect(sent).toEqual([[], [], [['recover', 5_000]], [], [['recover', 10_000]], [], [['recover', 15_000]]]);
    });

    it('are sent at once for what the ledger opened by itself, then with growing pauses while it waits', async () => {
      const trial = trialNow();
      const banks = new RefundingBank().asBanks();
      const sbp: SbpWay = { by: 'bank_qr', windowSeconds: 90 };
      const { paymentId, ...command } = await trial.open({ method: 'card_or_sbp_qr', sbp }, banks);
      await new SwitchPayment(trial.store, trial.around, banks).execute({ scope: null, paymentId, method: 'sbp_qr', sbp });
      const follower = (await trial.payment({ paymentId, ...command })).attempts[1]?.shown.id ?? '';
      const sent: unknown[] = [];
      for (const ms of [0, 4_999, 1, 9_999, 1, 20_000, 40_000, 60_000]) {
        trial.nowMs += ms;
        sent.push(await due(follower));
      }
      expect(sent).toEqual([[['run', 5_000]], [], [['run', 10_000]], [], ...[20_000, 40_000, 60_000, 60_000].map((nextMs) => [['run', nextMs]])]);
    });

    it('are sent for a granted attempt whose lease lapsed, and for no other', async () => {
      const trial = trialNow();
      const [driven, queued, ended] = [await trial.open(), await trial.open(), await trial.open()];
      await trial.grant(driven);
      await trial.record(trial.result(ended, await trial.grant(ended), approved(1, '61')));
      trial.nowMs += trial.around.times.leaseMs;
      await due(driven.attemptId);
      trial.nowMs += 5_000;
      const attempts = (await trial.store.dueErrands(trial.nowMs, times)).map(({ command }) => command.attemptId);
      expect([driven, queued, ended].map(({ attemptId }) => attempts.includes(attemptId))).toEqual([true, false, false]);
    });

    it('are sent for what a person decided until the terminal has answered, and no report becomes a baseline before', async () => {
      const trial = trialNow();
      const command = await trial.open();
      await trial.record(trial.result(command, await trial.grant(command), unknown));
      const decision = { charged: false, chargedAmount: null, evidence: 'The guest says no.', by, attemptId: null, idempotency: null };
      await new ResolvePayment(trial.store, trial.around).execute({ scope: null, paymentId: command.paymentId, ...decision });
      await due(command.attemptId);
      trial.nowMs += 5_000;
      expect([await due(command.attemptId), await baseline(command, ['66'])]).toEqual([[['recover', 5_000]], { kind: 'busy' }]);
      await trial.store.noteAnsweredInVain(command.attemptId);
      trial.nowMs += 60_000;
      expect([await due(command.attemptId), await baseline(command, ['66'])]).toEqual([[], { kind: 'kept', found: 1 }]);
    });

    it('are taken once, however many ask at a time', async () => {
      const trial = trialNow();
      const command = await trial.open();
      await trial.record(trial.result(command, await trial.grant(command), unknown));
      await due(command.attemptId);
      trial.nowMs += 5_000;
      const answers = await Promise.all(Array.from({ length: 8 }, () => due(command.attemptId)));
      expect(answers.flat()).toEqual([['recover', 5_000]]);
    });
  });
}
