import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, markOf } from '../processes/process-table';
import { errorCode, isMissing, readIfThere } from './files';
import type { ProcessMark } from './state-file';
import type { StatePaths } from './state-paths';

/** Who holds a state folder, or null when nobody who still runs does. */
export function lockHolder(paths: StatePaths): ProcessMark | null {
  const holder = parseMark(readIfThere(paths.lock));
  return holder !== null && isAlive(holder) ? holder : null;
}

/** Takes the state folder for this process. Returns the other process when one holds it; a lock whose holder is gone is taken over. */
export function takeLock(paths: StatePaths): ProcessMark | null {
  mkdirSync(paths.dir, { recursive: true });
  const own = markOf(process.pid);
  if (own === null) throw new Error('This program needs /proc.');
  for (;;) {
    try {
      writeFileSync(paths.lock, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return null;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const text = readIfThere(paths.lock);
    const holder = parseMark(text);
    if (holder !== null && isAlive(holder)) return holder;
    if (text !== null) breakLock(paths.lock, text);
  }
}

/** Gives the state folder back. */
export function releaseLock(paths: StatePaths): void {
  if (parseMark(readIfThere(paths.lock))?.pid === process.pid) rmSync(paths.lock, { force: true });
}

/** Moves a dead holder's lock away. Should somebody have taken it over meanwhile, theirs is put back. */
function breakLock(lock: string, stale: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) !== stale) linkSync(aside, lock);
  } catch (error) {
    if (!isMissing(error) && errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function parseMark(text: string | null): ProcessMark | null {
  try {
    const mark = JSON.parse(text ?? 'null') as Partial<ProcessMark> | null;
    return typeof mark?.pid === 'number' && typeof mark.startTime === 'string' ? { pid: mark.pid, startTime: mark.startTime } : null;
  } catch {
    return null; // Half a lock, of a process that died while writing it.
  }
}
