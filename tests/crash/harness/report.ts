import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crashPoints } from '@kkm/crash-points';
import type { CrashPoint } from '@kkm/crash-points';
import { answers, guests } from './answers';
import type { Answer } from './answers';
import type { Cell, RoundReport } from './run-round';
import { titleOf } from './rounds';

const folder = join(__dirname, '../../../.kkm/crash');

/** Figures of a whole run. */
export interface Summary {
  readonly rounds: number;
  readonly combinations: number;
  readonly failed: number;
  readonly chargedTwice: number;
  readonly tookSeconds: number;
  /** Milliseconds until nothing moved, by share of the combinations. */
  readonly restMs: { readonly median: number; readonly p95: number; readonly max: number };
  readonly statuses: Readonly<Record<string, number>>;
}

/** Writes `.kkm/crash/<kind>.json` and `.kkm/crash/<kind>.md`; returns the figures. */
export function writeReport(kind: string, reports: readonly RoundReport[], tookMs: number): Summary {
  const summary = summaryOf(reports, tookMs);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${kind}.json`), `${JSON.stringify({ summary, rounds: reports }, null, 2)}\n`);
  writeFileSync(join(folder, `${kind}.md`), readable(kind, reports, summary));
  return summary;
}

function summaryOf(reports: readonly RoundReport[], tookMs: number): Summary {
  const cells = reports.flatMap((report) => report.cells);
  const rests = cells.map(({ restMs }) => restMs).toSorted((one, two) => one - two);
  const at = (share: number): number => rests[Math.min(rests.length - 1, Math.floor(rests.length * share))] ?? 0;
  const statuses: Record<string, number> = {};
  for (const { status } of cells) statuses[status] = (statuses[status] ?? 0) + 1;
  const failed = reports.reduce((sum, report) => sum + (report.faults.length > 0 ? report.round.answers.length : faultyCells(report).length), 0);
  const chargedTwice = cells.filter(({ faults }) => faults.some((fault) => fault.includes('the guest was charged'))).length;
  return {
    rounds: reports.length,
    combinations: cells.length,
    failed,
    chargedTwice,
    tookSeconds: Math.round(tookMs / 1_000),
    restMs: { median: at(0.5), p95: at(0.95), max: at(1) },
    statuses,
  };
}

function faultyCells({ cells }: RoundReport): readonly Cell[] {
  return cells.filter(({ faults }) => faults.length > 0);
}

function readable(kind: string, reports: readonly RoundReport[], summary: Summary): string {
  const { restMs } = summary;
  const failures = reports.flatMap((report) => [
    ...report.faults.map((fault) => `- ${titleOf(report.round)}: ${fault}`),
    ...faultyCells(report).map((cell) => `- ${titleOf(report.round)}: ${cell.answer}: ${cell.faults.join('; ')}`),
  ]);
  return [
    `# Crash matrix (${kind})`,
    '',
    `${summary.combinations} combinations in ${summary.rounds} rounds, ${summary.failed} failed, ${summary.chargedTwice} charged twice, ${summary.tookSeconds} s.`,
    `From the return of the process until nothing moved: median ${restMs.median} ms, 95 % ${restMs.p95} ms, longest ${restMs.max} ms.`,
    `Ends: ${Object.entries(summary.statuses)
      .map(([status, count]) => `${status} ${count}`)
      .join(', ')}.`,
    '',
    ...(failures.length > 0 ? ['## What failed', '', ...failures, ''] : []),
    ...tableOf(reports, answers),
    '',
    ...tableOf(reports, guests),
    '',
  ].join('\n');
}

/** The points that payments with these answers reach, and how they ended there. */
function tableOf(reports: readonly RoundReport[], columns: readonly Answer[]): readonly string[] {
  const places = [true, false].flatMap((redelivered) => columns.map((answer) => ({ answer, redelivered })));
  const heads = places.map(({ answer, redelivered }) => `${answer}${redelivered ? ', redelivered' : ''}`);
  const reached = (Object.keys(crashPoints) as CrashPoint[]).filter((point) =>
    reports.some(({ round }) => round.point === point && columns.some((answer) => round.answers.includes(answer))),
  );
  const rows = reached.map((point) => `| ${point} | ${places.map((where) => cellText(point, reports, where)).join(' | ')} |`);
  return [`| crash point | ${heads.join(' | ')} |`, `| --- | ${heads.map(() => '---').join(' | ')} |`, ...rows];
}

/** The ends of all rounds at this place, a failure in capitals; a dash where the answer never leads there. */
function cellText(point: CrashPoint, reports: readonly RoundReport[], where: { readonly answer: Answer; readonly redelivered: boolean }): string {
  const here = reports.filter(({ round }) => round.point === point && round.redelivered === where.redelivered && round.answers.includes(where.answer));
  const texts = here.map(({ cells, faults }) => {
    const cell = cells.find(({ answer }) => answer === where.answer);
    if (!cell) return 'NOT RUN';
    return cell.faults.length + faults.length > 0 ? cell.status.toUpperCase() : cell.status;
  });
  return texts.length > 0 ? [...new Set(texts)].join(', ') : '–';
}
