import { readIfThere, writePrivate } from './files';

/** A process that can be told from a later one with the same number: `startTime` is the kernel's (clock ticks since boot). */
export interface ProcessMark {
  readonly pid: number;
  readonly startTime: string;
}

/** How a supervised process stands. `waiting` means that it died and is started again after a pause. */
export type ProcessState = 'starting' | 'running' | 'unready' | 'waiting' | 'stopping' | 'stopped';

/** One supervised process as the state file and `status` show it. */
export interface ProcessStatus {
  readonly name: string;
  readonly state: ProcessState;
  readonly mark: ProcessMark | null;
  readonly url: string | null;
  readonly restarts: number;
  /** Shown by `status`; what only serves another process is not. */
  readonly shown: boolean;
}

/** What the supervisor tells other commands. */
export interface SystemState {
  readonly supervisor: ProcessMark;
  readonly phase: 'starting' | 'running' | 'stopping';
  /** Where Postgres and RabbitMQ came from. */
  readonly infra: string;
  readonly processes: readonly ProcessStatus[];
}

/** The supervisor's last word, or null when there is none. A file that cannot be read counts as none. */
export function readState(file: string): SystemState | null {
  const text = readIfThere(file);
  if (text === null) return null;
  try {
    return JSON.parse(text) as SystemState;
  } catch {
    return null; // Written at once by this program only; anything else is not ours to trust.
  }
}

/** Replaces the supervisor's word. */
export function writeState(file: string, state: SystemState): void {
  writePrivate(file, `${JSON.stringify(state, null, 1)}\n`);
}
