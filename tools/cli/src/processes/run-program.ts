import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CommandFailed } from '../command-failed';
import type { Lifetime } from '../terminal/lifetime';
import { endTree } from './end-process';
import { markOf } from './process-table';

/** A program that is run to its end. */
export interface ProgramRun {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Left out: its output is collected. Else it goes where ours goes. */
  readonly inherit?: boolean;
  /** Sees output as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** How it ended. */
export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  readonly tookMs: number;
}

/** What is kept of a long output. */
const outputMax = 2_000_000;
const guard = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM', '--'] : [];

/** Runs a program in a session of its own. When the command is asked to end, it and everything below it is ended first. */
export async function runProgram(run: ProgramRun, life: Lifetime): Promise<ProgramEnd> {
  if (life.asked.aborted) throw new CommandFailed('Stopped.');
  const startedMs = performance.now();
  const [command, ...args] = [...guard, ...run.command] as [string, ...string[]];
  const child = spawn(command, args, {
    cwd: run.cwd,
    env: run.env,
    detached: true,
    stdio: ['ignore', ...(run.inherit ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const))],
  });
  const mark = child.pid === undefined ? null : markOf(child.pid);
  life.atEnd(async () => {
    if (mark) await endTree(mark, { signal: 'SIGTERM', graceMs: 10_000, hurry: life.hurry });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputMax);
      run.onOutput?.(text);
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: error.message, tookMs: performance.now() - startedMs }));
    child.once('close', (code) => resolve({ code, output, tookMs: performance.now() - startedMs }));
  });
}
