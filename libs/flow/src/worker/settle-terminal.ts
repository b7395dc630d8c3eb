import { Unavailable, type OutcomeReason, type RequestAnswer, type TerminalAnswer } from '@kkm/core';
import type { TerminalReport } from './judge-doubt';
import type { WorkerLedger } from './ports';
import { readBaseline } from './read-baseline';
import { reachTerminal, type ReachPorts } from './reach-terminal';
import type { TerminalLine } from './terminal-line';

/** What {@link settleTerminal} needs of the worker around it. */
export interface SettlePorts extends ReachPorts {
  readonly ledger: Pick<WorkerLedger, 'baseline' | 'endBaseline'>;
  /** Keeps the terminal's answer; resolves once it is kept for good, and rejects otherwise: then the terminal's last frame stays unacknowledged. */
  readonly keep: (answer: RequestAnswer) => Promise<void>;
}

/** A request that certainly was not carried out. */
export function failed(reason: OutcomeReason, text: string): RequestAnswer {
  return { state: 'failed', reason, text, link: null };
}

/**
 * Settles a terminal that is connected and linked, with its line to oneself. The ledger forgets the terminal's report first, because the settlement empties it,
 * and refuses while an attempt is unfinished there; the report after it is the new baseline (design-money, clauses 5 and 6).
 * A settlement whose answer was lost, or could not be kept, is never sent again: the report tells whether it happened. Throws `Unavailable` before anything was sent.
 */
export async function settleTerminal(line: TerminalLine, ports: SettlePorts): Promise<RequestAnswer> {
  const before = await fullReport(line);
  const { workerId, ledger, keep } = ports;
  // Also when the ledger's answer is lost: then it may have none.
  line.forgetBaseline();
  const ended = await ledger.endBaseline({ workerId, siteId: line.settings.siteId, terminalId: line.terminalId });
  if (ended.kind === 'not-leased') line.loseLease();
  if (ended.kind !== 'ended' || !line.holdsLease()) return failed('terminal_busy', 'An attempt is unfinished at the terminal, or another worker has it.');
  const answer = await line.run(
    { kind: 'settle' },
    {
      mayStillSend: () => line.holdsLease(),
      onSent: () => undefined,
      onHeartbeat: () => undefined,
      store: (told) => keep(answerOf(told) ?? lost),
    },
  );
  const told = answerOf(answer) ?? (await answerByReport(line, before, ports));
  await readAgain(line, ports);
  return told;
}

const lost: RequestAnswer = {
  state: 'unknown',
  reason: 'unrecognised',
  text: 'The terminal was asked to settle, and its answer was lost. A report shows whether it did.',
  link: null,
};

/** What the terminal itself said; null when that was lost. */
function answerOf(answer: TerminalAnswer): RequestAnswer | null {
  if (answer.kind === 'not-sent') return failed('terminal_unreachable', 'The connection ended before the terminal was asked.');
  if (answer.kind !== 'settled') return null;
  const text = answer.text ?? (answer.ok ? 'Settled.' : 'The terminal refused to settle.');
  return answer.ok ? { state: 'done', reason: null, text, link: null } : failed('terminal_fault', text);
}

/** After a lost answer: a terminal that answers a link test is idle, and the begin of its report's period moves with a settlement and with nothing else. */
async function answerByReport(line: TerminalLine, before: TerminalReport | null, ports: SettlePorts): Promise<RequestAnswer> {
  line.disconnectSpent();
  const after = (await reached(line, ports)) ? await fullReport(line) : null;
  if (!before || !after || before.serialNumber !== after.serialNumber || before.bankTerminalId !== after.bankTerminalId) return lost;
  return before.since === after.since
    ? failed('terminal_fault', 'The answer was lost. The terminal’s report still shows the period before: it did not settle.')
    : { state: 'done', reason: null, text: `The answer was lost. The terminal has settled: its report begins anew. Before it:\n${before.text}`, link: null };
}

async function reached(line: TerminalLine, ports: SettlePorts): Promise<boolean> {
  try {
    return (await reachTerminal(line, ports)).kind === 'ready';
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}

/** Null: there is none that could be compared with another. */
async function fullReport(line: TerminalLine): Promise<TerminalReport | null> {
  const report = await line.ask({ kind: 'report' });
  return report.kind === 'report' && report.since !== null && report.serialNumber !== null ? report : null;
}

/** The new baseline. Where it cannot be had now, whoever is next leased the terminal reads it before a payment. */
async function readAgain(line: TerminalLine, ports: SettlePorts): Promise<void> {
  try {
    if (line.baselineIsMissing) await readBaseline(line, ports);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
}
