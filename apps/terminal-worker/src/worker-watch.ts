import type { WorkerNote, WorkerWatch } from '@kkm/flow/worker';
import { runWithTrace } from '@kkm/observability';
import type { Logger, Metrics } from '@kkm/observability';
import type { JournalWatch } from './journal/level-journal';

/** What is worth waking somebody for; everything else a worker notes is a warning or, when it is expected, information. */
const levels: Readonly<Partial<Record<WorkerNote, 'error' | 'info'>>> = {
  'journal write failed': 'error',
  'attempt unknown to the ledger': 'error',
  'background work failed': 'error',
  'terminal settings refused': 'error',
  'attempt recovered': 'info',
  'lease lost': 'info',
  'baseline read': 'info',
};

/** Watches a worker with metrics, spans and the log. */
export function workerWatch(metrics: Metrics, log: Logger): WorkerWatch & JournalWatch {
  const queueWait = metrics.histogram({ name: 'kkm_queue_wait_seconds', help: 'From the making of an attempt to its handling.' });
  const terminalTime = metrics.histogram({
    name: 'kkm_terminal_seconds',
    help: 'From the permit to a terminal’s last answer, the guest’s time included.',
    labels: ['operation'],
  });
  const readFailures = metrics.counter({ name: 'kkm_card_read_failures_total', help: 'Cards that could not be read.', labels: ['terminal'] });
  const outcomes = metrics.counter({ name: 'kkm_outcomes_total', help: 'Attempts by how they ended.', labels: ['operation', 'outcome', 'reason'] });
  const refusals = metrics.counter({ name: 'kkm_permit_refusals_total', help: 'Permit requests that were not granted.', labels: ['kind'] });
  const linked = metrics.gauge({ name: 'kkm_terminals_connected', help: 'Terminals with an open connection.' });
  const journalTime = metrics.histogram({ name: 'kkm_journal_write_seconds', help: 'Time to write a group of journal entries.', labels: ['synced'] });
  const connected = new Set<string>();
  return {
    span: (name, _command, work) => runWithTrace(null, name, work),
    queueWaited: (_command, ms) => queueWait.observe(ms / 1000),
    terminalWorked: ({ operation }, ms) => terminalTime.observe({ operation }, ms / 1000),
    readFailed: ({ terminalId }) => readFailures.inc({ terminal: terminalId }),
    finished: (command, outcome) => {
      const reason = outcome.kind === 'approved' ? '' : outcome.reason;
      outcomes.inc({ operation: command.operation, outcome: outcome.kind, reason });
      const { attemptId, paymentId, terminalId, siteId } = command;
      log.info({ attemptId, paymentId, terminalId, siteId, outcome: outcome.kind, reason }, 'attempt answered');
    },
    permitRefused: (kind) => refusals.inc({ kind }),
    linked: (terminalId, isLinked) => {
      if (isLinked) connected.add(terminalId);
      else connected.delete(terminalId);
      linked.set(connected.size);
    },
    note: (what, { error, ...facts }) => log[levels[what] ?? 'warn'](error === undefined ? facts : { ...facts, err: error }, what),
    written: (ms, synced) => journalTime.observe({ synced: String(synced) }, ms / 1000),
  };
}
