import type { Payment } from '@kkm/core';
import type { Infrastructure } from '../../stack/place';
import { startStack } from '../../stack/start-stack';
import type { Stack } from '../../stack/start-stack';
import { pause } from '../measure/clock';
import { watchCpu } from '../measure/cpu-per-payment';
import type { CpuPerPayment, Watched } from '../measure/cpu-per-payment';
import { measureFsync } from '../measure/fsync';
import { median } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';
import { listenerOf } from '../measure/processes';
import { runReference } from '../reference/run-reference';
import type { ReferenceResult } from '../reference/run-reference';
import { compareBooks, readBankBooks } from './books';
import type { BookDifferences } from './books';
import { PaymentLoad } from './load';
import type { LoadResult } from './load';
import { measureIdle } from './measure-idle';
import { measureSbp } from './measure-sbp';
import type { SbpResult } from './measure-sbp';
import { measureTerminal } from './measure-terminal';
import type { Stages } from './stages';
import type { IdleResult } from './measure-idle';

/** How large a bench is. */
export interface BenchSize {
  /** Rounds of reference and KKM, one after the other; the medians of their ratios count. */
  readonly rounds: number;
  readonly terminals: number;
  /** Payments of the closed loop in one round. */
  readonly payments: number;
  readonly referenceCommands: { readonly single: number; readonly batched: number };
  readonly openLoop: { readonly payments: number; readonly perSecond: number };
  readonly sbp: { readonly terminals: number; readonly payments: number };
  readonly idle: { readonly terminals: number; readonly seconds: number };
}

/** The size the published numbers come from: about four minutes. */
export const fullSize: BenchSize = {
  rounds: 3,
  terminals: 64,
  payments: 1500,
  referenceCommands: { single: 4000, batched: 20_000 },
  openLoop: { payments: 600, perSecond: 20 },
  sbp: { terminals: 8, payments: 200 },
  idle: { terminals: 500, seconds: 30 },
};

/** One round: the three measurements that are compared, taken within seconds of each other because a machine's speed drifts. */
export interface BenchRound {
  readonly single: ReferenceResult;
  readonly batched: ReferenceResult;
  readonly kkm: Omit<LoadResult, 'payments'>;
  readonly cpu: CpuPerPayment;
}

/** Everything one bench measured. */
export interface BenchReport {
  readonly fsyncMs: Percentiles;
  readonly rounds: readonly BenchRound[];
  readonly paymentsPerSecond: number;
  readonly ratioToSingle: number;
  readonly ratioToBatched: number;
  readonly referenceLatencyMs: Percentiles;
  /** At the open loop's rate: from before the request was written until the answer was read, and until the completion event was in hand. */
  readonly acceptedMs: Percentiles;
  readonly completedMs: Percentiles;
  readonly openLoopStages: Stages;
  readonly openLoopCpu: CpuPerPayment;
  /** One sale of the same virtual terminal over a bare connection. */
  readonly terminalMs: Percentiles;
  readonly books: { readonly payments: number; readonly notSucceeded: number } & BookDifferences;
  readonly sbp: SbpResult;
  readonly idle: IdleResult;
}

/** Where the bench works and whom it tells. */
export interface BenchOptions {
  readonly infrastructure: Infrastructure;
  readonly directory: string;
  readonly size: BenchSize;
  /** Folder for CPU profiles of the services under load, if they are wanted. */
  readonly profileTo: string | undefined;
  readonly say: (line: string) => void;
}

/** Measures KKM and the reference, interleaved, on a stack of its own; leaves nothing behind. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { infrastructure, directory, size, say } = options;
  say(`Starting KKM with ${size.terminals} virtual terminals`);
  const stack = await startStack({ infrastructure, directory, terminals: size.terminals, profileTo: options.profileTo });
  const load = new PaymentLoad({
    api: stack.gateway.url,
    apiKey: stack.apiKey,
    amqpUrl: stack.place.amqpUrl,
    siteId: stack.siteId,
    terminalIds: stack.terminals.map(({ id }) => id),
  });
  let measured;
  try {
    await answerAtOnce(stack);
    await load.open();
    measured = await measureLoads(options, stack, load);
  } finally {
    await load.close();
    await stack.remove();
  }
  say(`${size.sbp.payments} QRs paid with polling, then ${size.sbp.payments} with the bank’s notification`);
  const sbp = await measureSbp({ infrastructure, directory, ...size.sbp });
  say(`Connecting ${size.idle.terminals} idle terminals to one worker`);
  const idle = await measureIdle({ infrastructure, directory, ...size.idle });
  return { ...measured, sbp, idle };
}

async function measureLoads(options: BenchOptions, stack: Stack, load: PaymentLoad): Promise<Omit<BenchReport, 'idle' | 'sbp'>> {
  const watched = watchedProcesses(stack, options.infrastructure);
  const fsyncMs = measureFsync(options.directory);
  const paid: Payment[] = [...(await load.closedLoop(options.size.terminals * 5)).payments]; // Warm-up: compilers, caches, plans.
  const rounds: BenchRound[] = [];
  for (let round = 1; round <= options.size.rounds; round += 1) {
    options.say(`Round ${round} of ${options.size.rounds}: reference, then ${options.size.payments} payments`);
    rounds.push(await measureRound(options, load, { watched, paid }));
  }
  const pace = await measurePace(options, load, { watched, paid });
  await pause(500);
  return {
    fsyncMs,
    rounds,
    ...pace,
    paymentsPerSecond: median(rounds.map(({ kkm }) => kkm.perSecond)),
    ratioToSingle: ratio(rounds.map(({ kkm, single }) => kkm.perSecond / single.perSecond)),
    ratioToBatched: ratio(rounds.map(({ kkm, batched }) => kkm.perSecond / batched.perSecond)),
    books: {
      payments: paid.length,
      notSucceeded: paid.filter(({ status }) => status !== 'succeeded').length,
      ...compareBooks(paid, await readBankBooks(stack.virtualTerminal.url)),
    },
  };
}

/** What the parts of a bench share: the processes to watch, and every payment made so far. */
interface Shared {
  readonly watched: readonly Watched[];
  readonly paid: Payment[];
}

/** The most that the reference and KKM can do, one right after the other. */
async function measureRound({ infrastructure, size }: BenchOptions, load: PaymentLoad, { watched, paid }: Shared): Promise<BenchRound> {
  const { amqpUrl, databaseUrl } = infrastructure;
  const closed = { kind: 'closed', inFlight: 2000 } as const;
  const single = await runReference({ amqpUrl, databaseUrl, commands: size.referenceCommands.single, batch: 1, load: closed });
  const batched = await runReference({ amqpUrl, databaseUrl, commands: size.referenceCommands.batched, batch: 200, load: closed });
  const endOfWatch = watchCpu(watched);
  const { payments, ...kkm } = await load.closedLoop(size.payments);
  paid.push(...payments);
  return { single, batched, kkm, cpu: endOfWatch(payments.length) };
}

/** What a single guest waits for at a modest rate, and how much of it is the terminal's own. */
async function measurePace({ infrastructure, directory, size, say }: BenchOptions, load: PaymentLoad, { watched, paid }: Shared) {
  const { amqpUrl, databaseUrl } = infrastructure;
  const { payments: count, perSecond } = size.openLoop;
  say(`${count} payments at ${perSecond} a second`);
  const floor = await runReference({ amqpUrl, databaseUrl, commands: Math.round(count / 2), batch: 1, load: { kind: 'open', perSecond } });
  const terminalMs = await measureTerminal(directory);
  const endOfWatch = watchCpu(watched);
  const open = await load.openLoop(count, perSecond);
  paid.push(...open.payments);
  return {
    referenceLatencyMs: floor.endToEndMs,
    terminalMs,
    acceptedMs: open.acceptedMs,
    completedMs: open.completedMs,
    openLoopStages: open.stages,
    openLoopCpu: endOfWatch(open.payments.length),
  };
}

/** The middle of several ratios, to four digits. */
function ratio(values: readonly number[]): number {
  return Number((median(values.map((value) => value * 1000)) / 1000).toFixed(4));
}

async function answerAtOnce(stack: Stack): Promise<void> {
  for (const { id } of stack.terminals) {
    const answer = await fetch(`${stack.virtualTerminal.url}/terminals/${id}/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auto: 'approve', delayMs: 0, faults: [] }),
    });
    if (!answer.ok) throw new Error(`The virtual terminal answered ${answer.status} to its behaviour: ${await answer.text()}`);
  }
}

/** Everything that takes part in a payment, so that one sees where the time goes. */
function watchedProcesses(stack: Stack, infrastructure: Infrastructure): readonly Watched[] {
  const portOf = (url: string, usual: number): number => Number(new URL(url).port || usual);
  return [
    { name: 'gateway', pid: stack.gateway.pid() },
    { name: 'ledger', pid: stack.ledger.pid() },
    ...stack.workers.map((worker) => ({ name: 'worker', pid: worker.pid() })),
    { name: 'virtual terminal', pid: stack.virtualTerminal.pid() },
    { name: 'broker', pid: listenerOf(portOf(infrastructure.amqpUrl, 5672)) },
    { name: 'Postgres', pid: listenerOf(portOf(infrastructure.databaseUrl, 5432)), children: true },
    { name: 'load program', pid: process.pid },
  ];
}
