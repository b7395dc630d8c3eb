import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readBenchConfig } from '../bench.config';
import { printReport, verdicts } from './print-report';
import { fullSize, runBench } from './run-bench';

/**
 * The benches: `node dist/tools/bench/payments/main.js [--json] [--rounds 3] [--payments 1500] [--sbp-payments 200] [--idle-terminals 500] [--directory DIR] [--profile DIR]`.
 * `--profile` makes every service write a CPU profile when it ends; `tools/bench/profile` reads them.
 * Prints what was measured and which targets are met; the exit code is 1 when money was lost or doubled, 0 otherwise: a slow machine is no fault.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      directory: { type: 'string' },
      profile: { type: 'string' },
      rounds: { type: 'string', default: String(fullSize.rounds) },
      payments: { type: 'string', default: String(fullSize.payments) },
      'sbp-payments': { type: 'string', default: String(fullSize.sbp.payments) },
      'idle-terminals': { type: 'string', default: String(fullSize.idle.terminals) },
    },
  });
  const directory = values.directory ?? mkdtempSync(join(tmpdir(), 'kkm-bench-'));
  mkdirSync(directory, { recursive: true });
  const size = {
    ...fullSize,
    rounds: Number(values.rounds),
    payments: Number(values.payments),
    sbp: { ...fullSize.sbp, payments: Number(values['sbp-payments']) },
    idle: { ...fullSize.idle, terminals: Number(values['idle-terminals']) },
  };
  const profileTo = values.profile && resolve(values.profile);
  const report = await runBench({ infrastructure: readBenchConfig(), directory, size, profileTo, say: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(values.json ? `${JSON.stringify({ ...report, verdicts: verdicts(report) }, null, 2)}\n` : printReport(report));
  const { books, sbp } = report;
  process.exitCode = books.notSucceeded + books.notAtBank.length + books.lost.length + books.doubled.length + sbp.notSucceeded > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
