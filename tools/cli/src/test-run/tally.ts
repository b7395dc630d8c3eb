/** Tests of one kind, counted. */
export interface Tally {
  readonly kind: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why suites were skipped, each once. */
  readonly reasons: readonly string[];
  /** What Jest says about each file that failed. */
  readonly failures: readonly string[];
  readonly tookMs: number;
}

/** The part of Jest's `--json` report that is counted. */
export interface JestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** How `describeWith` of the test kit names a suite whose server cannot be had. */
const skippedFor = /\[skipped: ([^\]]+)\]/;

/** Counts a report. A file that could not even be loaded counts as one failure: it has no tests to count. */
export function tallyOf(kind: string, report: JestReport, tookMs: number): Tally {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses: string[]): number => tests.filter(({ status }) => statuses.includes(status)).length;
  const broken = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'));
  const reasons = tests.filter(({ status }) => status === 'pending').map(({ fullName }) => skippedFor.exec(fullName)?.[1] ?? 'left out by the choice of tests');
  return {
    kind,
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: count('pending', 'todo', 'skipped', 'disabled'),
    reasons: [...new Set(reasons)],
    failures: report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message),
    tookMs,
  };
}

/** A kind that was not run at all, for this reason; it counts as one skipped suite, never as passed. */
export function notRun(kind: string, reason: string): Tally {
  return { kind, passed: 0, failed: 0, skipped: 1, reasons: [reason], failures: [], tookMs: 0 };
}

/** The table of kinds. The last line stands alone for scripts: `N passed, N failed, N skipped`. */
export function tallyTable(tallies: readonly Tally[]): string {
  const row = (cells: readonly string[]): string =>
    `  ${cells[0]?.padEnd(14)}${cells
      .slice(1)
      .map((cell) => cell.padStart(9))
      .join('')}`;
  const rows = tallies.flatMap(({ kind, passed, failed, skipped, reasons, tookMs }) => [
    row([kind, String(passed), String(failed), String(skipped), `${(tookMs / 1000).toFixed(1)} s`]),
    ...reasons.map((reason) => `      skipped: ${reason}`),
  ]);
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  return [
    row(['suite', 'passed', 'failed', 'skipped', 'time']),
    ...rows,
    '',
    `${sum((t) => t.passed)} passed, ${sum((t) => t.failed)} failed, ${sum((t) => t.skipped)} skipped`,
    '',
  ].join('\n');
}
