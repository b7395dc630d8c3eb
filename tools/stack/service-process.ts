import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a service of KKM is started from. */
export interface ServiceSpecification {
  /** Name within the stack, also of its log file: `ledger`, `worker-1`. */
  readonly name: string;
  readonly app: 'gateway' | 'ledger' | 'terminal-worker' | 'virtual-terminal';
  /** The whole environment besides `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Origin of its HTTP server. */
  readonly url: string;
  /** Directory for the log. */
  readonly directory: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Folder for a CPU profile, written when it ends. */
  readonly profileTo?: string | undefined;
}

/** One running (or killed) process of the stack. */
export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  /** Of the process started last. */
  pid(): number;
  /** How the process started last has ended (exit code or signal); null while it runs. */
  ended(): string | null;
  /** Waits until `/health/ready` says so; throws with the end of the log when the process ends first or `withinMs` pass. */
  ready(withinMs?: number): Promise<void>;
  /** Sends the signal and waits for the end. SIGTERM drains. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Sends a signal and does not wait: `SIGSTOP`, `SIGCONT`. */
  signal(signal: NodeJS.Signals): void;
  /** Starts it again after {@link stop}, with the same environment, or with these variables changed. */
  start(changed?: Readonly<Record<string, string>>): void;
}

/** Starts a service from its bundle; its output goes to a log file of its own. */
export function startService(specification: ServiceSpecification): ServiceProcess {
  const logFile = join(specification.directory, `${specification.name}.log`);
  let child = launch(specification, logFile, {});
  return {
    name: specification.name,
    url: specification.url,
    logFile,
    pid: () => child.pid ?? 0,
    ended: () => endOfChild(child),
    ready: (withinMs = 30_000) => waitUntilReady(child, { url: specification.url, name: specification.name, logFile, withinMs }),
    async stop(signal) {
      if (endOfChild(child) !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    },
    signal(signal) {
      child.kill(signal);
    },
    start(changed = {}) {
      child = launch(specification, logFile, changed);
    },
  };
}

/** The checkout's root: the nearest folder above with a package.json, whether this runs as source or compiled. */
export function checkoutRoot(): string {
  let directory = __dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

function launch(specification: ServiceSpecification, logFile: string, changed: Readonly<Record<string, string>>): ChildProcess {
  const program = programOf(specification);
  mkdirSync(specification.directory, { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', ...(specification.nodeOptions ?? []), ...program], {
    env: { PATH: '/usr/bin:/bin', NODE_ENV: 'production', ...specification.environment, ...changed },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

/** What Node is told to run: the bundle, or, for a profile, which tells packages apart by their files, the modules that it is made of. */
function programOf({ app, profileTo }: ServiceSpecification): readonly string[] {
  const program = join(checkoutRoot(), 'dist', profileTo === undefined ? 'tools/launch/main.js' : `apps/${app}/src/main.js`);
  if (!existsSync(program)) throw new Error(`${program} is missing: build first ("./kkm test" and "./kkm bench" do).`);
  return profileTo === undefined ? [program, app] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`, program];
}

function endOfChild(child: ChildProcess): string | null {
  return child.signalCode ?? (child.exitCode === null ? null : String(child.exitCode));
}

async function waitUntilReady(child: ChildProcess, facts: { url: string; name: string; logFile: string; withinMs: number }): Promise<void> {
  const deadline = Date.now() + facts.withinMs;
  while (Date.now() < deadline) {
    const ended = endOfChild(child);
    if (ended !== null) throw new Error(`${facts.name} ended (${ended}):\n${endOf(facts.logFile)}`);
    if (await isReady(facts.url)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${facts.name} was not ready within ${facts.withinMs} ms:\n${endOf(facts.logFile)}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false; // Not listening yet.
  }
}

/** The last lines of a log, for an error message. */
function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').split('\n').slice(-25).join('\n');
}
