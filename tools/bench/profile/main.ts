import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { summarise } from './summarise';
import type { CpuProfile } from './summarise';

/** Prints where the processes of a profiled bench spent their time: `node dist/tools/bench/profile/main.js DIR` after `… payments/main.js --profile DIR`. */
function main(directory: string): void {
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
    const { totalMs, byPart, byFunction } = summarise(JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile);
    const rows = [...byPart.slice(0, 18), { where: '', selfMs: Number.NaN }, ...byFunction.slice(0, 25)];
    const lines = rows.map(({ where, selfMs }) =>
      where === '' ? '' : `  ${String(selfMs).padStart(7)} ms ${((100 * selfMs) / totalMs).toFixed(1).padStart(5)} %  ${where}`,
    );
    process.stdout.write(`${file}: ${totalMs} ms of CPU\n${lines.join('\n')}\n\n`);
  }
}

main(process.argv[2] ?? '.');
