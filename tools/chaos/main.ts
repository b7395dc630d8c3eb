import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readChaosConfig } from './chaos.config';
import { runCampaign } from './play/campaign';
import { makeReport } from './report/chaos-report';
import type { ChaosReport } from './report/chaos-report';
import { reportPage } from './report/report-page';
import { statusLine } from './report/status-line';

/**
 * A fault campaign: `node dist/tools/chaos/main.js --directory DIR [--minutes 3] [--seed S]`.
 * Writes `report.html` and `report.json` into `DIR/<seed>`; the exit code is 1 unless everything was shown that a run must show.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { directory: { type: 'string' }, minutes: { type: 'string', default: '3' }, seed: { type: 'string' } } });
  const seconds = Number(values.minutes) * 60;
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : Number(values.seed);
  if (!(seconds > 0) || !Number.isSafeInteger(seed) || seed < 0) throw new Error('--minutes is a number above 0, --seed a whole number.');
  const directory = join(resolve(values.directory ?? '.kkm/chaos'), String(seed));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const line = statusLine(`chaos, seed ${seed}, ${seconds} s`);
  const beganAt = new Date().toISOString();
  const seen = await runCampaign({ config: readChaosConfig(), seed, seconds, directory: join(directory, 'services'), tell: line.tell });
  line.end();
  const [cpu] = cpus();
  const report = makeReport(seen, { seed, seconds, beganAt, machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node ${process.version}` });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(directory, 'report.html'), reportPage(report));
  process.stdout.write(forTerminal(report, join(directory, 'report.html')));
  return report.passed ? 0 : 1;
}

function forTerminal(report: ChaosReport, page: string): string {
  const rows = report.verdict.map(({ what, target, measured, met }) => `  ${met ? 'met   ' : 'MISSED'}  ${what}: ${measured} (target ${target})`);
  const violations = Object.entries(report.violations).flatMap(([name, texts]: [string, readonly string[]]) => texts.map((text) => `  ${name}: ${text}`));
  return [...rows, ...violations, `${report.passed ? 'Passed' : 'FAILED'} with seed ${report.seed}. Report: ${page}`, ''].join('\n');
}

main().then(
  (code) => process.exit(code), // Guests whose payment is in doubt for good would keep the program waiting.
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
