import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBenchConfig } from '../bench.config';
import { measureWebhooks } from './measure-webhooks';

/**
 * How long it takes from the change of a payment to the webhook that tells of it: `node dist/tools/bench/webhooks/main.js [--payments 600] [--per-second 20]`.
 * The exit code is 1 when an event never came, 0 otherwise: a slow machine is no fault.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { payments: { type: 'string', default: '600' }, 'per-second': { type: 'string', default: '20' } } });
  const size = { payments: Number(values.payments), perSecond: Number(values['per-second']) };
  const directory = mkdtempSync(join(tmpdir(), 'kkm-webhooks-'));
  const { times, missing } = await measureWebhooks({ infrastructure: readBenchConfig(), directory, size });
  const { count, p50, p99, max } = times;
  process.stdout.write(
    `${count} webhooks of ${size.payments} payments at ${size.perSecond}/s: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms; missing ${missing}\n`,
  );
  process.exitCode = missing > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
