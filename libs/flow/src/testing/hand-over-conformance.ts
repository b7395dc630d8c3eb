import { permitTimes } from '@kkm/core';
import type { LeaseRequest } from '@kkm/core';
import { Heartbeat, LeaseTerminal } from '../ledger/lease-terminal';
import type { StoreOnTrial } from './store-on-trial';

/** What every store must know of workers between which a terminal changes hands; part of `ledgerStoreConformance`. */
export function handOverConformance(open: () => StoreOnTrial): void {
  describe('a hand-over', () => {
    it('tells for how long a worker that lost the terminal may still be connected there', async () => {
      const trial = open();
      const { siteId, terminalId } = await trial.open({ siteId: trial.id('ref') });
      const beat = (workerId: string, change: { readonly terminalIds?: readonly string[]; readonly leaving?: boolean } = {}) =>
        new Heartbeat(trial.store, trial.around).execute({ workerId, siteId, terminalIds: [terminalId], driving: [], leaving: false, ...change });
      const lease = async (workerId: string, change: Partial<LeaseRequest> = {}): Promise<number | string> => {
        const answer = await new LeaseTerminal(trial.store, trial.around).execute({ workerId, siteId, terminalId, ...change });
        return answer.kind === 'busy' ? 'busy' : (answer.othersLeaveWithinMs ?? 0);
      };
      await beat('worker-1');
      expect(await lease('worker-1')).toBe(0);
      trial.nowMs += 1_000;
      expect([await lease('worker-2', { upkeep: true }), await lease('worker-2', { predecessors: ['worker-1'] })]).toEqual(['busy', 0]);
      expect(await lease('worker-2')).toBe(permitTimes.leaseMs + 2_000);
      trial.nowMs += 1_000;
      expect(await lease('worker-2')).toBe(permitTimes.leaseMs + 1_000);
      expect((await beat('worker-1')).lostTerminalIds).toEqual([terminalId]);
      expect(await lease('worker-2')).toBe(0);
      expect(await lease('worker-1')).toBe(0);
      await beat('worker-2');
      expect(await lease('worker-1')).toBeGreaterThan(0);
      await beat('worker-2', { terminalIds: [], leaving: true });
      expect(await lease('worker-1')).toBe(0);
    });
  });
}
