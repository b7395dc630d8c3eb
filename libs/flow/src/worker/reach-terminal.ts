import { Rejected, Unavailable, type ErrorCode, type OutcomeReason } from '@kkm/core';
import type { Clock } from './ports';
import { readBaseline, type BaselinePorts } from './read-baseline';
import { backoff, type StopSign } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import type { WorkerTimes } from './worker-times';

/** Whether a permit may be asked for: leased, connected, and the link answers. `busy`: another worker is, or may still be, connected; ask again later. */
export type Reached =
  { readonly kind: 'ready' } | { readonly kind: 'busy'; readonly retryAfterMs: number } | { readonly kind: 'unreachable'; readonly reason: OutcomeReason };

/** What {@link reachTerminal} needs of the worker around it. */
export interface ReachPorts extends BaselinePorts {
  readonly clock: Clock;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

/**
 * Makes sure of lease, connection and a link that answers, before any permit is asked for: an unreachable terminal thus fails without
 * ever holding one (design-money, clause 3). A terminal takes one connection, so it may also refuse because another worker has not left yet that lost it:
 * only a try made when the ledger knows of none counts against the terminal. Throws `Unavailable` when the ledger does not answer.
 */
export async function reachTerminal(line: TerminalLine, ports: ReachPorts): Promise<Reached> {
  const { clock, watch, times, stop } = ports;
  for (let tries = 1; ; tries += 1) {
    if (!line.holdsLease()) {
      const lease = await line.takeLease();
      if (lease.kind === 'busy') return { kind: 'busy', retryAfterMs: lease.retryAfterMs };
    }
    const link = await linkUp(line, ports);
    if (link === 'refused') return { kind: 'unreachable', reason: 'terminal_fault' };
    // A terminal that was never linked before shows its report first, so that this very attempt can be proved uncharged should it be lost (clause 6).
    if (link === 'up' && line.baselineIsMissing) await readBaseline(line, ports);
    if (link === 'up' && line.connected && line.holdsLease()) return { kind: 'ready' };
    line.disconnect();
    watch.note('terminal unreachable', { terminalId: line.terminalId, tries, ...(typeof link === 'object' ? link : {}) });
    if (tries >= times.connectTriesMax || stop.raised) return { kind: 'unreachable', reason: 'terminal_unreachable' };
    const lease = await line.takeLease();
    if (lease.kind === 'busy') return { kind: 'busy', retryAfterMs: lease.retryAfterMs };
    if (lease.othersLeaveWithinMs) return { kind: 'busy', retryAfterMs: times.backoffMs };
    await stop.pause(clock, backoff(tries, times.backoffMs, times.backoffMaxMs));
  }
}

/** Why a link is down, for the log. */
interface Down {
  readonly code: ErrorCode;
  readonly detail?: string | undefined;
}

/** Connects and tests, unless the link answered a moment ago. `refused`: the settings cannot work. */
async function linkUp(line: TerminalLine, { watch }: ReachPorts): Promise<'up' | 'refused' | Down> {
  if (line.linkIsFresh()) return 'up';
  try {
    await line.connect();
    return (await line.test()) ? 'up' : { code: 'terminal.silent' };
  } catch (error) {
    if (error instanceof Unavailable) return { code: error.code, detail: error.detail };
    if (!(error instanceof Rejected)) throw error;
    watch.note('terminal settings refused', { terminalId: line.terminalId, code: error.code, detail: error.detail });
    return 'refused';
  }
}
