import { Rejected, Unavailable, type OutcomeReason } from '@kkm/core';
import type { Clock, WorkerWatch } from './ports';
import { backoff, type StopSign } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import type { WorkerTimes } from './worker-times';

/** Whether a permit may be asked for: leased, connected, and the link answers. */
export type Reached =
  { readonly kind: 'ready' } | { readonly kind: 'busy'; readonly retryAfterMs: number } | { readonly kind: 'unreachable'; readonly reason: OutcomeReason };

/** What {@link reachTerminal} needs of the worker around it. */
export interface ReachPorts {
  readonly clock: Clock;
  readonly watch: Pick<WorkerWatch, 'note'>;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

/**
 * Makes sure of lease, connection and a link that answers, before any permit is asked for: an unreachable terminal thus fails without
 * ever holding one (design-money, clause 3). Throws `Unavailable` when the ledger does not answer.
 */
export async function reachTerminal(line: TerminalLine, { clock, watch, times, stop }: ReachPorts): Promise<Reached> {
  for (let tries = 1; ; tries += 1) {
    if (!line.holdsLease()) {
      const lease = await line.takeLease();
      if (lease.kind === 'busy') return { kind: 'busy', retryAfterMs: lease.retryAfterMs };
    }
    if (line.linkIsFresh()) return { kind: 'ready' };
    try {
      await line.connect();
      if (await line.test()) return { kind: 'ready' };
    } catch (error) {
      if (error instanceof Rejected) {
        watch.note('terminal settings refused', { terminalId: line.terminalId, code: error.code, detail: error.detail });
        return { kind: 'unreachable', reason: 'terminal_fault' };
      }
      if (!(error instanceof Unavailable)) throw error;
    }
    line.disconnect();
    watch.note('terminal unreachable', { terminalId: line.terminalId, tries });
    if (tries >= times.connectTriesMax || stop.raised) return { kind: 'unreachable', reason: 'terminal_unreachable' };
    await stop.pause(clock, backoff(tries, times.backoffMs, times.backoffMaxMs));
  }
}
