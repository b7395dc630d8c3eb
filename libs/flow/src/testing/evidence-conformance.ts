import { evidenceLimits } from '@kkm/core';
import type { AttemptResult, Evidence } from '@kkm/core';
import { approved, startMs, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

/** What every store must do with evidence; part of `ledgerStoreConformance`. */
export function evidenceConformance(trialNow: () => StoreOnTrial): void {
  describe('evidence', () => {
    let trial: StoreOnTrial;
    beforeEach(() => {
      trial = trialNow();
    });

    it('keeps what was said about an attempt, and counts what is said again', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      const heard = (said: string): Evidence => ({ kind: 'link-test', asked: 'whether it is idle', said, rrn: null, at: new Date(trial.nowMs).toISOString() });
      const doubt = (...pieces: Evidence[]): AttemptResult => ({ ...trial.result(command, nonce, unknown), source: 'recovery', evidence: pieces });
      await trial.record(doubt(heard('silence'), heard('silence')));
      trial.nowMs += 1_000;
      await trial.record(doubt(heard('busy'), heard('silence')));
      const kept = await trial.store.evidenceOf(command.paymentId);
      expect(kept).toEqual([
        { ...heard('silence'), at: new Date(startMs).toISOString(), attemptId: command.attemptId, times: 2, lastAt: new Date(trial.nowMs).toISOString() },
        { ...heard('busy'), attemptId: command.attemptId, times: 1, lastAt: new Date(trial.nowMs).toISOString() },
      ]);
    });

    it('bounds what doubt says, and never the answer that ends it', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      const at = new Date(trial.nowMs).toISOString();
      for (let n = 0; n < 80; n += 16) {
        const evidence = Array.from({ length: 16 }, (_, m): Evidence => ({ kind: 'report', asked: 'the report', said: `report ${n + m}`, rrn: null, at }));
        await trial.record({ ...trial.result(command, nonce, unknown), source: 'recovery', evidence });
      }
      expect(await trial.store.evidenceOf(command.paymentId)).toHaveLength(evidenceLimits.ofDoubt);
      await trial.record(trial.result(command, nonce, approved(15_000, '79')));
      const kept = await trial.store.evidenceOf(command.paymentId);
      expect(kept.at(-1)).toMatchObject({ kind: 'answer', rrn: '79', said: 'approved RUB\u00a0150.00 · RRN 79' });
      expect(kept).toHaveLength(evidenceLimits.ofDoubt + 1);
    });
  });
}
