import { CommandFailed, exitCodes } from '../command-failed';

/** What a command may know of its own end. */
export interface Lifetime {
  /** Aborted when a signal asks the command to end. */
  readonly asked: AbortSignal;
  /** True once the person has asked a second time: end at once. */
  readonly hurry: () => boolean;
  /** Does this before the command is over, however it ends; the last registered first. */
  readonly atEnd: (work: () => Promise<void>) => void;
}

/** By convention 128 plus the number of the signal. */
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof signalCodes;

/**
 * Runs a command to its end: normal, failed, broken by a bug, or asked by SIGINT, SIGTERM or SIGHUP. In every case what
 * it registered with `atEnd` is done before the exit code is returned, so that nothing it started is left running.
 */
export async function live(body: (life: Lifetime) => Promise<number>): Promise<number> {
  const asked = new AbortController();
  const work: (() => Promise<void>)[] = [];
  let signals = 0;
  const interrupted = new Promise<number>((resolve) => {
    for (const name of Object.keys(signalCodes) as EndSignal[]) {
      process.on(name, () => {
        signals += 1;
        if (signals === 1) process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${name}: stopping in order; once more stops at once\n`);
        asked.abort();
        resolve(signalCodes[name]);
      });
    }
  });
  const broken = new Promise<never>((_, reject) => {
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
  });
  process.stdout.on('error', () => undefined); // The reader went away (`| head`): go on to the orderly end.
  process.stderr.on('error', () => undefined);
  const life: Lifetime = { asked: asked.signal, hurry: () => signals > 1, atEnd: (item) => work.push(item) };
  let code = await Promise.race([body(life), interrupted, broken]).catch(report);
  for (const item of work.reverse()) code = await item().then(() => code, report);
  return code;
}

/** Says what went wrong: clear words for what was foreseen, the whole error for a bug. */
function report(error: unknown): number {
  const known = error instanceof CommandFailed;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? (error.stack ?? error.message) : error)}\n`);
  return known ? error.exitCode : exitCodes.failed;
}
