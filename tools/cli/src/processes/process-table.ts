import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMark } from '../state/state-file';

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
  readonly startTime: string;
}

/** One line of /proc/<pid>/stat (proc_pid_stat(5)); the command's name may hold spaces and brackets, so fields count from its last bracket. */
function parseStat(pid: number, text: string): Entry {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, zombie: fields[0] === 'Z' || fields[0] === 'X', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}

function entryOf(pid: number): Entry | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null; // Gone, which is an answer.
  }
}

/** The mark of a running process; null when there is none, or when it has ended and only waits to be reaped. */
export function markOf(pid: number): ProcessMark | null {
  const entry = entryOf(pid);
  return entry === null || entry.zombie ? null : { pid, startTime: entry.startTime };
}

/** Whether exactly this process still runs. */
export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startTime === mark.startTime;
}

/** All processes below `pid` at this moment, children before grandchildren. */
export function descendantsOf(pid: number): readonly ProcessMark[] {
  const entries = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => entryOf(Number(name)))
    .filter((entry) => entry !== null);
  const found: Entry[] = [];
  for (let parents = new Set([pid]); parents.size > 0;) {
    const children = entries.filter((entry) => !entry.zombie && parents.has(entry.parent));
    found.push(...children);
    parents = new Set(children.map((entry) => entry.pid));
  }
  return found.map(({ pid: child, startTime }) => ({ pid: child, startTime }));
}

/** Sends a signal to exactly this process; a process that is gone is left alone. */
export function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch {
    // It ended between the two lines.
  }
}

/** The words a process was started with, or none when it is gone. */
export function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  } catch {
    return []; // Gone.
  }
}

/** Whether a process was started with this variable in its environment (`NAME=value`). Needs the right to look: its own user's, or root's. */
export function startedWith(pid: number, assignment: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(assignment);
  } catch {
    return false; // Gone, or somebody else's.
  }
}
