import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../cli.config';
import { ownEnvironment } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import type { ProgramEnd } from '../processes/run-program';
import { runProgram } from '../processes/run-program';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { seconds } from '../terminal/progress';

/** Long gates are begun first, so that the short ones fill the gaps. What is not named comes last. */
const longFirst = ['lint', 'types', 'boundaries', 'dead', 'format', 'commits'];

/** What the gates are, for people. */
const words: Readonly<Record<string, string>> = {
  format: 'layout of the sources (Prettier)',
  lint: 'rules of the house style (ESLint)',
  boundaries: 'import rules inside projects (dependency-cruiser)',
  types: 'types (tsc)',
  dead: 'dead code (knip)',
  commits: 'commit messages (commitlint)',
};

interface Gate {
  readonly name: string;
  readonly end: ProgramEnd;
}

/** Runs every gate, as many at a time as there are processors, and prints what each said that failed. Exit code 1 when any failed. */
export async function runGates(settings: Settings, life: Lifetime, progress: Progress): Promise<number> {
  life.atEnd(async () => progress.close());
  const startedMs = performance.now();
  const waiting = [...gatesOf(settings.root)];
  const done: Gate[] = [];
  const runNext = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) done.push(await runGate(name, { settings, life, progress }));
  };
  await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, runNext));
  progress.close();
  const failed = done.filter(({ end }) => end.code !== 0);
  for (const { name, end } of failed) process.stdout.write(`\n── ${name} ──\n${end.output.trim()}\n`);
  process.stdout.write(
    `\n${done.map(line).join('\n')}\n\n${done.length - failed.length} gates passed, ${failed.length} failed (${seconds(performance.now() - startedMs)})\n`,
  );
  return failed.length > 0 ? exitCodes.failed : exitCodes.ok;
}

/** The gates are npm scripts whose names begin with `gate:`, so that each can be run alone and in an editor. */
function gatesOf(root: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
  const names = Object.keys(scripts)
    .filter((script) => script.startsWith('gate:'))
    .map((script) => script.slice('gate:'.length));
  if (names.length === 0) throw new CommandFailed('package.json has no scripts named gate:….');
  const rank = (name: string): number => (longFirst.includes(name) ? longFirst.indexOf(name) : longFirst.length);
  return names.sort((a, b) => rank(a) - rank(b));
}

interface GateContext {
  readonly settings: Settings;
  readonly life: Lifetime;
  readonly progress: Progress;
}

async function runGate(name: string, { settings, life, progress }: GateContext): Promise<Gate> {
  progress.begin(name, name);
  const end = await runProgram({ command: ['npm', 'run', '-s', `gate:${name}`], cwd: settings.root, env: ownEnvironment() }, life);
  progress.end(name, `${name}: ${end.code === 0 ? 'passed' : 'failed'}`, true);
  return { name, end };
}

function line({ name, end }: Gate): string {
  return `  ${end.code === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(12)}${seconds(end.tookMs).padStart(8)}  ${words[name] ?? ''}`;
}
