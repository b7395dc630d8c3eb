import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from '../state/files';

/** A log is set aside when it grows beyond this, and so many older ones are kept. */
export const logLimits = { bytes: 10 * 1024 * 1024, kept: 2 } as const;

/** Opens a log for appending; the descriptor is handed to a child process, which then needs nobody to read its output. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

/**
 * Sets a log aside when it is too long: copies it to `.1` and empties it in place, because the process that writes it
 * keeps it open. A line written between the two is lost, which a log may.
 */
export function rotateLog(file: string, limits: { readonly bytes: number; readonly kept: number } = logLimits): boolean {
  try {
    if (statSync(file).size <= limits.bytes) return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  for (let age = limits.kept; age > 1; age -= 1) if (existsSync(`${file}.${age - 1}`)) renameSync(`${file}.${age - 1}`, `${file}.${age}`);
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  return true;
}

/** The last lines of a log, for the words that explain a failure. */
export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
