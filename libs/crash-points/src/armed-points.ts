import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { CrashPoint } from './crash-points';

/** Says that a step is reached. Resolves at once, unless a test wants the process dead here: then never. `lagMs` is waited first, if it is this point. */
export type Reach = (point: CrashPoint, lagMs?: number) => Promise<void>;

/** What a crash touches besides the process: replaced in unit tests. */
export interface CrashGround {
  /** The content of the file that arms, null while there is none. */
  read(): string | null;
  write(text: string): void;
  remove(): void;
  kill(): void;
  wait(ms: number): Promise<void>;
}

/** Where the process says that it can be killed. */
export interface Warning {
  warn(fields: object, message: string): void;
}

/**
 * The points of a process whose environment names `file`; null, and thus nothing at all, in every other. The file arms a point: its name and, after a
 * space, how many arrivals are wanted (1 when left out). Whoever arrives is held there; at the last one the file is removed and the process kills itself,
 * so that several payments die at the very same step.
 *
 * A file rather than a variable of the environment, because a variable would need one more restart for each of some hundred crashes and would kill the
 * restarted process again. Where `KKM_CRASH_PATH` is not set no file is looked for and no port is wrapped (see `withCrashPoints`).
 */
export function armedPoints(file: string | undefined, log: Warning): Reach | null {
  if (file === undefined) return null;
  log.warn({ file }, 'KKM_CRASH_PATH is set: this process kills itself where that file says. For tests alone.');
  return reachOver(machineGround(file));
}

/** The mechanism over any ground. */
export function reachOver(ground: CrashGround): Reach {
  return async (point, lagMs = 0) => {
    if (wantedAt(ground.read(), point) === 0) return;
    if (lagMs > 0) await ground.wait(lagMs);
    const wanted = wantedAt(ground.read(), point);
    if (wanted === 0) return;
    if (wanted > 1) ground.write(armedText(point, wanted - 1));
    else {
      ground.remove();
      ground.kill();
    }
    await new Promise(() => undefined);
  };
}

/** The content of a file that arms `point`; the test harness writes it, and the process counts it down. */
export function armedText(point: CrashPoint, arrivals: number): string {
  return `${point} ${arrivals}`;
}

function wantedAt(text: string | null, point: CrashPoint): number {
  const [armed, count = '1'] = (text ?? '').trim().split(' ');
  return armed === point ? Number(count) : 0;
}

function machineGround(file: string): CrashGround {
  return {
    read: () => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return null; // Nothing is armed.
      }
    },
    write: (text) => writeFileSync(file, text),
    remove: () => rmSync(file),
    kill: () => process.kill(process.pid, 'SIGKILL'),
    wait: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  };
}
