import type { CpuPerPayment } from '../measure/cpu-per-payment';
import { round } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';
import type { BenchReport } from './run-bench';
import type { Stages } from './stages';

/** One target of the project and whether a report meets it. */
export interface Verdict {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

/** The time of a whole payment without the terminal's own: its median is taken off both points, so a slow terminal excuses nothing at p99. */
export function addedTime({ completedMs, terminalMs }: BenchReport): { readonly p50: number; readonly p99: number } {
  return { p50: round(completedMs.p50 - terminalMs.p50), p99: round(completedMs.p99 - terminalMs.p50) };
}

/** Compares a report with the targets. */
export function verdicts(report: BenchReport): readonly Verdict[] {
  const { books, idle, sbp } = report;
  const added = addedTime(report);
  const faults = books.notSucceeded + books.notAtBank.length + books.lost.length;
  return [
    { what: 'whole payments', target: '≥ 120/s', measured: `${report.paymentsPerSecond}/s`, met: report.paymentsPerSecond >= 120 },
    { what: 'ratio to the reference, one command per transaction', target: '≥ 0.2', measured: String(report.ratioToSingle), met: report.ratioToSingle >= 0.2 },
    { what: 'lost', target: '0', measured: `${faults} of ${books.payments}`, met: faults === 0 },
    { what: 'doubled', target: '0', measured: `${books.doubled.length} of ${books.payments}`, met: books.doubled.length === 0 },
    { what: 'added time, p50', target: '≤ 25 ms', measured: `${added.p50} ms`, met: added.p50 <= 25 },
    { what: 'added time, p99', target: '≤ 100 ms', measured: `${added.p99} ms`, met: added.p99 <= 100 },
    { what: 'QR paid until the event, polling, p99', target: '≤ 1500 ms', measured: `${sbp.polledMs.p99} ms`, met: sbp.polledMs.p99 <= 1_500 },
    { what: 'QR paid until the event, notification, p99', target: '≤ 100 ms', measured: `${sbp.notifiedMs.p99} ms`, met: sbp.notifiedMs.p99 <= 100 },
    { what: 'QRs paid that did not end charged', target: '0', measured: String(sbp.notSucceeded), met: sbp.notSucceeded === 0 },
    {
      what: `memory of one worker with ${idle.connected} idle terminals`,
      target: '< 400 MB',
      measured: `${idle.residentMiB} MiB`,
      met: idle.connected === idle.terminals && idle.residentMiB < 381,
    },
    { what: 'CPU of that worker', target: '< 5 % of a core', measured: `${idle.corePercent} %`, met: idle.corePercent < 5 },
  ];
}

/** Writes a report for people. */
export function printReport(report: BenchReport): string {
  const rounds = report.rounds.map(
    ({ single, batched, kkm }, index) =>
      `  ${index + 1}  reference ${single.perSecond}/s (batch 1), ${batched.perSecond}/s (batch 200)   KKM ${kkm.perSecond}/s, p50 ${kkm.completedMs.p50} ms`,
  );
  const rows = verdicts(report).map(({ what, target, measured, met }) => `  ${met ? 'met   ' : 'MISSED'}  ${what}: ${measured} (target ${target})`);
  return [
    `fsync of 1 KiB: p50 ${report.fsyncMs.p50} ms, p99 ${report.fsyncMs.p99} ms`,
    'Rounds, closed loop, one guest per terminal:',
    ...rounds,
    `Ratio to the batched reference: ${report.ratioToBatched}`,
    `Stages in the closed loop: ${stages(report.rounds.at(-1)?.kkm.stages)}`,
    `CPU per payment in the closed loop: ${perPayment(report.rounds.at(-1)?.cpu ?? {})}`,
    `Open loop: accepted p50 ${report.acceptedMs.p50} ms, p99 ${report.acceptedMs.p99} ms; completed p50 ${report.completedMs.p50} ms, p99 ${report.completedMs.p99} ms; the terminal’s own p50 ${report.terminalMs.p50} ms; reference p50 ${report.referenceLatencyMs.p50} ms, p99 ${report.referenceLatencyMs.p99} ms`,
    `Stages in the open loop: ${stages(report.openLoopStages)}`,
    `CPU per payment in the open loop, idle work included: ${perPayment(report.openLoopCpu)}`,
    `QR paid until the event, ${report.sbp.terminals} terminals: polling p50 ${report.sbp.polledMs.p50} ms, p99 ${report.sbp.polledMs.p99} ms; notification p50 ${report.sbp.notifiedMs.p50} ms, p99 ${report.sbp.notifiedMs.p99} ms`,
    'Targets:',
    ...rows,
    '',
  ].join('\n');
}

function stages(of: Stages | undefined): string {
  const parts = Object.entries(of ?? {}) as [string, Percentiles][];
  return parts
    .map(([name, { p50, p99 }]) => `${name} ${p50}/${p99}`)
    .join(', ')
    .concat(' ms (p50/p99)');
}

function perPayment(cpu: CpuPerPayment): string {
  const known = Object.values(cpu).reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  const parts = Object.entries(cpu).map(([name, ms]) => `${name} ${ms ?? 'not visible'}`);
  return `${round(known)} ms (${parts.join(', ')})`;
}
