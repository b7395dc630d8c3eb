import { parseArgs } from 'node:util';
import { readBenchConfig } from '../bench.config';
import { runReference } from './run-reference';

/**
 * The reference pipeline alone: `node dist/tools/bench/reference/main.js [--batch 1] [--commands 6000] [--in-flight 2000 | --per-second 20]`.
 * Prints one JSON line; ends with an error when the rows are not exactly once.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      batch: { type: 'string', default: '1' },
      commands: { type: 'string', default: '6000' },
      'in-flight': { type: 'string', default: '2000' },
      'per-second': { type: 'string' },
    },
  });
  const { amqpUrl, databaseUrl } = readBenchConfig();
  const load = values['per-second']
    ? { kind: 'open' as const, perSecond: Number(values['per-second']) }
    : { kind: 'closed' as const, inFlight: Number(values['in-flight']) };
  const result = await runReference({ amqpUrl, databaseUrl, commands: Number(values.commands), batch: Number(values.batch), load });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main();
