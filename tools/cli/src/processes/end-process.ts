import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessMark } from '../state/state-file';
import { descendantsOf, isAlive, signal } from './process-table';

/** How a process is asked to end. */
export interface EndOptions {
  readonly signal: NodeJS.Signals;
  /** How long it may take before it is killed. */
  readonly graceMs: number;
  /** Turns true when the person asks a second time: kill at once. */
  readonly hurry?: () => boolean;
}

/** What comes after a parent's death (backends of Postgres, port programs of Erlang) ends by itself within this time. */
const leftoversMs = 2_000;

/**
 * Ends a process and everything below it, and returns when all of it is gone. Returns whether it ended by itself; else
 * it was killed. Waits by looking at the process table, because a process that is not our child cannot be waited for
 * and may stay as a zombie for long.
 */
export async function endTree(mark: ProcessMark, options: EndOptions): Promise<boolean> {
  const below = descendantsOf(mark.pid);
  signal(mark, options.signal);
  const byItself = await gone([mark], options.graceMs, options.hurry);
  if (!byItself) for (const each of [mark, ...descendantsOf(mark.pid)]) signal(each, 'SIGKILL');
  await gone([mark], leftoversMs);
  if (!(await gone(below, leftoversMs, options.hurry))) {
    for (const each of below) signal(each, 'SIGKILL');
    await gone(below, leftoversMs);
  }
  return byItself;
}

/** Waits until none of these processes runs. Returns false when some still do after `withinMs`. */
export async function gone(marks: readonly ProcessMark[], withinMs: number, hurry: () => boolean = () => false): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (marks.some(isAlive)) {
    if (performance.now() > deadline || hurry()) return false;
    await sleep(20);
  }
  return true;
}
