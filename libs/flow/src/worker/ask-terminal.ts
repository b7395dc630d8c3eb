import { Rejected, Unavailable, type Evidence, type TerminalAnswer, type TerminalKnowledge } from '@kkm/core';
import { linkEvidence, receiptEvidence, reportEvidence } from './recovery-evidence';
import { judgeLast, judgeReport, type DoubtFacts, type Judgement, type TerminalReport, type TerminalView } from './judge-doubt';
import type { Clock, Journal, WorkerLedger } from './ports';
import type { BegunDoubt } from './doubt';
import type { TerminalLine } from './terminal-line';
import type { WorkerTimes } from './worker-times';

/** What {@link askTerminal} needs of the worker around it. */
export interface AskPorts {
  readonly clock: Clock;
  readonly ledger: Pick<WorkerLedger, 'knowledge'>;
  readonly journal: Pick<Journal, 'isTaken'>;
  readonly times: WorkerTimes;
}

/** What asking came to, and what was heard. */
export interface Asked {
  readonly judgement: Judgement;
  /** Empty when the terminal said nothing. */
  readonly evidence: readonly Evidence[];
  /** The terminal gave its report, and neither that nor a later one settles it. */
  readonly heardOut: boolean;
}

/**
 * Asks the terminal what became of an attempt: link test, last receipt and, where that does not settle it, the report, held against what the ledger knows.
 * Moves no money. Call under a recovery lease. Throws `Unavailable` when the ledger does not answer.
 */
export async function askTerminal(line: TerminalLine, doubt: BegunDoubt, ports: AskPorts): Promise<Asked> {
  // The connection the attempt was sent on must not deliver any more. Others are kept: a terminal that takes one at a time may refuse the next.
  line.disconnectSpent();
  try {
    await line.connect();
  } catch (error) {
    if (error instanceof Unavailable || error instanceof Rejected) return unheard(error.code);
    throw error;
  }
  const link = await line.test();
  if (!link) {
    line.disconnect();
    return unheard('the terminal does not answer a link test');
  }
  const at = new Date(ports.clock.wallMs()).toISOString();
  const last = await line.ask({ kind: 'last-result' });
  const evidence = [linkEvidence(link, at), receiptEvidence(last, at)];
  const seen = { bankTerminalId: link.bankTerminalId, terminalNow: link.terminalTime ?? null, last: last.kind === 'last-result' ? last.found : null };
  const facts = factsOf(line, doubt, { ...ports, knowledge: null });
  const receipt = judgeLast({ ...seen, report: null }, facts);
  if (receipt.kind === 'ours') return { judgement: receipt, evidence, heardOut: false };
  const told = await line.ask({ kind: 'report' });
  const report = reportOf(told);
  const knowledge = await knowledgeFor(line, doubt, { report, ports });
  const view: TerminalView = { ...seen, report };
  const judgement = judgeReport(view, { ...facts, knowledge });
  const heardOut = report !== null && judgement.kind === 'open' && judgement.retryAfterMs === undefined;
  return { judgement, evidence: [...evidence, reportEvidence(told, at, judgement)], heardOut };
}

function unheard(why: string): Asked {
  return { judgement: { kind: 'open', why }, evidence: [], heardOut: false };
}

function reportOf(answer: TerminalAnswer): TerminalReport | null {
  return answer.kind === 'report' ? answer : null;
}

/** What the ledger knows of the operations a report shows; null where there is no report to ask about. */
async function knowledgeFor(
  line: TerminalLine,
  { command }: BegunDoubt,
  { report, ports }: { readonly report: TerminalReport | null; readonly ports: AskPorts },
): Promise<TerminalKnowledge | null> {
  if (!report?.operations) return null;
  const rrns = report.operations.flatMap(({ rrn }) => (rrn === null ? [] : [rrn]));
  return await ports.ledger.knowledge({ siteId: command.siteId, terminalId: line.terminalId, attemptId: command.attemptId, rrns });
}

function factsOf(line: TerminalLine, doubt: BegunDoubt, { clock, journal, times, knowledge }: AskPorts & { readonly knowledge: null }): DoubtFacts {
  const { command, begin } = doubt;
  const { askedAtMs, mayArriveForMs } = begin;
  const sinceGrantMs = clock.wallMs() - askedAtMs;
  return {
    command,
    reference: line.referenceOf(command.attemptId),
    sinceGrantMs,
    windowMs: times.operationWindowMs,
    toleranceMs: times.clockToleranceMs,
    lateWriteMs: mayArriveForMs === 0 ? 0 : Math.max(0, mayArriveForMs + line.cardWaitMs() - sinceGrantMs),
    knowledge,
    isTaken: (rrn) => journal.isTaken(command.terminalId, rrn),
  };
}
