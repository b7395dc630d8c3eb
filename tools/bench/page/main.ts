import { mkdtempSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBenchConfig } from '../bench.config';
import { measurePage } from './measure-page';

/**
 * How soon the admin page's list of payments can be used, and how smoothly it scrolls: `node dist/tools/bench/page/main.js [--payments 1000] [--loads 7]`.
 * The exit code is 0 whatever the times are: a slow machine is no fault.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { payments: { type: 'string', default: '1000' }, loads: { type: 'string', default: '7' } } });
  const size = { payments: Number(values.payments), loads: Number(values.loads) };
  const directory = mkdtempSync(join(tmpdir(), 'kkm-page-'));
  const { usable, frames, longestTaskMs, scrolledRows, rowsDrawnMax } = await measurePage({ infrastructure: readBenchConfig(), directory, size });
  process.stdout.write(
    [
      `usable list after a first visit, ${usable.count} times, nothing cached: p50 ${usable.p50} ms, max ${usable.max} ms (target 1500)`,
      `${scrolledRows} payments scrolled through: ${frames.count} frames, p50 ${frames.p50} ms, p99 ${frames.p99} ms, max ${frames.max} ms`,
      `load average of the last minute ${loadavg()[0]?.toFixed(1) ?? ''}`,
      `longest task meanwhile ${longestTaskMs} ms; at most ${rowsDrawnMax} rows drawn at a time`,
      '',
    ].join('\n'),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
