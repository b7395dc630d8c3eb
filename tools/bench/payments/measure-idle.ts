import type { Infrastructure } from '../../stack/place';
import { startStack } from '../../stack/start-stack';
import type { Stack } from '../../stack/start-stack';
import { monotonicMs, pause } from '../measure/clock';
import { round } from '../measure/percentiles';
import { readUsage } from '../measure/processes';

/** What one worker costs that holds many terminals on which nothing happens. */
export interface IdleResult {
  readonly terminals: number;
  /** Terminals that the virtual terminals say are connected, at the end of the measurement. */
  readonly connected: number;
  readonly residentMiB: number;
  /** Share of one core in per cent. */
  readonly corePercent: number;
  readonly seconds: number;
}

/** Time to let the worker connect to all terminals. */
const connectMsMax = 120_000;

/** Starts a stack with so many terminals and one worker, waits until all are connected, and watches the worker from `/proc`. */
export async function measureIdle(options: {
  readonly infrastructure: Infrastructure;
  readonly directory: string;
  readonly terminals: number;
  readonly seconds: number;
}): Promise<IdleResult> {
  const { terminals, seconds } = options;
  const stack = await startStack({ infrastructure: options.infrastructure, directory: options.directory, terminals });
  try {
    await waitForConnections(stack, terminals);
    await pause(5_000); // What connecting left to do is done.
    const pid = stack.workers[0]?.pid() ?? 0;
    const before = readUsage(pid);
    const startedAt = monotonicMs();
    await pause(seconds * 1000);
    const after = readUsage(pid);
    if (!before || !after) throw new Error('The worker ended while it was watched');
    const tookSeconds = (monotonicMs() - startedAt) / 1000;
    return {
      terminals,
      connected: await countConnected(stack),
      residentMiB: Math.round(after.residentBytes / 1024 / 1024),
      corePercent: round(((after.cpuSeconds - before.cpuSeconds) / tookSeconds) * 100),
      seconds: Math.round(tookSeconds),
    };
  } finally {
    await stack.remove();
  }
}

async function waitForConnections(stack: Stack, terminals: number): Promise<void> {
  const deadline = monotonicMs() + connectMsMax;
  while ((await countConnected(stack)) < terminals) {
    if (monotonicMs() > deadline) throw new Error(`Only ${await countConnected(stack)} of ${terminals} terminals were connected within ${connectMsMax} ms`);
    await pause(500);
  }
}

async function countConnected(stack: Stack): Promise<number> {
  const answer = await fetch(`${stack.virtualTerminal.url}/terminals`, { signal: AbortSignal.timeout(10_000) });
  const { terminals } = (await answer.json()) as { terminals: { connected: boolean }[] };
  return terminals.filter((terminal) => terminal.connected).length;
}
