import { reportOperationsMax } from '@kkm/core';
import type { WorkerLedger, WorkerWatch } from './ports';
import type { TerminalLine } from './terminal-line';

/** What {@link readBaseline} needs of the worker around it. */
export interface BaselinePorts {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, 'baseline'>;
  readonly watch: Pick<WorkerWatch, 'note'>;
}

/**
 * Reads the terminal's report while nothing runs there and has the ledger record it: only against that can a later report prove that nothing was charged
 * (design-money, clauses 5 and 6). Call with the line to itself, connected and linked. Throws `Unavailable` when the ledger does not answer.
 */
export async function readBaseline(line: TerminalLine, { workerId, ledger, watch }: BaselinePorts): Promise<void> {
  const { terminalId } = line;
  const unreadable = (why: string): void => {
    line.noteBaseline('unreadable');
    watch.note('baseline not read', { terminalId, why });
  };
  const report = await line.ask({ kind: 'report' });
  if (report.kind === 'unknown' || report.kind === 'not-sent') return; // The link is gone; the next one tries again.
  if (report.kind !== 'report' || !report.operations || report.since === null || report.bankTerminalId === null || report.serialNumber === null)
    return unreadable('no report that can be read');
  const operations = report.operations.flatMap(({ rrn, operation, amountMinor, terminalTime }) =>
    rrn === null ? [] : [{ rrn, operation, amountMinor, terminalTime }],
  );
  if (operations.length !== report.operations.length || operations.length > reportOperationsMax) return unreadable('operations without an RRN, or too many');
  const { since, bankTerminalId, serialNumber } = report;
  line.noteSerialNumber(serialNumber);
  const answer = await ledger.baseline({ workerId, siteId: line.settings.siteId, terminalId, bankTerminalId, serialNumber, since, operations });
  if (answer.kind === 'not-leased') line.loseLease();
  if (answer.kind !== 'not-leased') line.noteBaseline(answer.kind);
  if (answer.kind === 'kept') watch.note('baseline read', { terminalId, operations: operations.length, found: answer.found });
}
