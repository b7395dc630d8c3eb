import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../cli.config';
import { runProgram } from '../processes/run-program';
import { readIfThere } from '../state/files';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import type { JestReport, Tally } from './tally';
import { tallyOf } from './tally';

/** One kind of test as it is run. */
export interface JestRun {
  readonly root: string;
  /** For the report. */
  readonly folder: string;
  readonly kind: string;
  /** Handed to Jest word for word. */
  readonly words: readonly string[];
  /** Where the test servers are. */
  readonly servers: Readonly<Record<string, string>>;
  readonly progress: Progress;
}

/** Runs all tests of one kind and counts them. Jest that ends without a report counts as one failure with its output. */
export async function runJest(run: JestRun, life: Lifetime): Promise<Tally> {
  const { root, kind, progress } = run;
  const report = join(run.folder, `jest-${kind}.json`);
  mkdirSync(run.folder, { recursive: true });
  rmSync(report, { force: true });
  let files = 0;
  progress.begin(kind, `${kind} tests`);
  const end = await runProgram(
    {
      command: [
        process.execPath,
        join(root, 'node_modules/jest/bin/jest.js'),
        '-c',
        join(root, 'jest.config.ts'),
        '--selectProjects',
        kind,
        '--passWithNoTests',
        '--json',
        '--outputFile',
        report,
        ...run.words,
      ],
      cwd: root,
      env: { ...ownEnvironment(), ...run.servers, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
      onOutput: (text) => {
        const more = text.match(/^(?:\u001b\[[\d;]*m)*\s*(PASS|FAIL)\b/gm)?.length ?? 0;
        files += more;
        if (more > 0) progress.update(kind, `${kind} tests (${files} files done)`);
      },
    },
    life,
  );
  const text = readIfThere(report);
  const tally: Tally =
    text === null
      ? {
          kind,
          passed: 0,
          failed: 1,
          skipped: 0,
          reasons: [],
          failures: [`Jest ended without a report (exit code ${end.code}):\n${end.output.slice(-4_000)}`],
          tookMs: end.tookMs,
        }
      : tallyOf(kind, JSON.parse(text) as JestReport, end.tookMs);
  progress.end(kind, `${kind}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`, true);
  return tally;
}
