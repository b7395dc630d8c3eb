import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { connect } from 'amqplib';
import type { Channel, ConfirmChannel } from 'amqplib';
import { Client } from 'pg';
import { acknowledgeInGroups } from '../measure/acknowledge-in-groups';
import { monotonicMs, pause, within } from '../measure/clock';
import { beginEvenly } from '../measure/pace';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';
import { orderNumber, referenceQueueArguments, referenceQueues } from './messages';
import type { RecorderInstruction, RecorderReport } from './messages';
import { countRows, createReferenceSchema, dropReferenceSchema } from './statements';

/** One run of the reference pipeline. */
export interface ReferenceOptions {
  readonly amqpUrl: string;
  /** A database in which a schema may be made and dropped. */
  readonly databaseUrl: string;
  readonly commands: number;
  /** Commands per transaction. */
  readonly batch: number;
  /** Closed loop: so many commands are between publish and event at any time. Open loop: so many are begun each second. */
  readonly load: { readonly kind: 'closed'; readonly inFlight: number } | { readonly kind: 'open'; readonly perSecond: number };
}

/** What a run gave. A run whose rows are not exactly once throws instead. */
export interface ReferenceResult {
  readonly commands: number;
  readonly batch: number;
  readonly perSecond: number;
  /** From publish to event, without the first tenth (warm-up). */
  readonly endToEndMs: Percentiles;
  /** CPU time of the recorder per command, in microseconds. */
  readonly recorderCpuUs: number;
  /** Events that came a second time: allowed, at least once is the promise. */
  readonly repeatedEvents: number;
}

/** No run may take longer than this. */
const runMsMax = 180_000;

/** Runs commands through broker, database, relay and broker again with nothing in between, checks the rows, and leaves nothing behind. */
export async function runReference(options: ReferenceOptions): Promise<ReferenceResult> {
  const database = new Client({ connectionString: options.databaseUrl });
  await database.connect();
  const connection = await connect(options.amqpUrl, { noDelay: true });
  const channels = { commands: await connection.createConfirmChannel(), events: await connection.createChannel() };
  try {
    await database.query(createReferenceSchema);
    await declareQueues(channels.events);
    const recorder = await startRecorderProcess(options);
    const run = await within(drive(channels, options), runMsMax, 'The reference run');
    await pause(500); // The relay commits after the confirm: its last rows go a moment after their events are seen.
    const cpuMs = await stopRecorderProcess(recorder);
    await checkRows(database, options.commands);
    return {
      commands: options.commands,
      batch: options.batch,
      perSecond: Math.round(options.commands / (run.tookMs / 1000)),
      endToEndMs: percentiles(run.timesMs.slice(Math.floor(options.commands / 10))),
      recorderCpuUs: Math.round((cpuMs * 1000) / options.commands),
      repeatedEvents: run.repeatedEvents,
    };
  } finally {
    await channels.events.deleteQueue(referenceQueues.commands);
    await channels.events.deleteQueue(referenceQueues.events);
    await connection.close();
    await database.query(dropReferenceSchema);
    await database.end();
  }
}

async function declareQueues(channel: Channel): Promise<void> {
  for (const queue of Object.values(referenceQueues)) {
    await channel.deleteQueue(queue);
    await channel.assertQueue(queue, { durable: true, arguments: referenceQueueArguments });
  }
}

async function startRecorderProcess(options: ReferenceOptions): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'recorder-process.js'));
  const prefetch = options.load.kind === 'closed' ? options.load.inFlight : 50;
  const { amqpUrl, databaseUrl, batch } = options;
  instruct(child, { kind: 'start', amqpUrl, databaseUrl, batch, prefetch });
  await within(nextReport(child), 15_000, 'The start of the recorder');
  return child;
}

async function stopRecorderProcess(child: ChildProcess): Promise<number> {
  const report = nextReport(child);
  instruct(child, { kind: 'stop' });
  const stopped = await within(report, 10_000, 'The stop of the recorder');
  return stopped.kind === 'stopped' ? stopped.cpuMs : 0;
}

function instruct(child: ChildProcess, instruction: RecorderInstruction): void {
  child.send(instruction);
}

function nextReport(child: ChildProcess): Promise<RecorderReport> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`The recorder ended with code ${String(code)}`));
    };
    child.once('exit', onExit);
    child.once('message', (report: RecorderReport) => {
      child.off('exit', onExit);
      resolve(report);
    });
  });
}

interface Drive {
  readonly tookMs: number;
  readonly timesMs: readonly number[];
  readonly repeatedEvents: number;
}

/** Publishes commands and takes the time until each one's event is back. */
async function drive(channels: { commands: ConfirmChannel; events: Channel }, options: ReferenceOptions): Promise<Drive> {
  const begunAt = new Map<string, number>();
  const timesMs: number[] = [];
  let published = 0;
  let repeatedEvents = 0;
  const publishOne = (): void => {
    const messageId = randomUUID();
    begunAt.set(messageId, monotonicMs());
    channels.commands.sendToQueue(referenceQueues.commands, Buffer.from(JSON.stringify(orderNumber(published))), {
      persistent: true,
      messageId,
      contentType: 'application/json',
    });
    published += 1;
  };
  const refill = (inFlight: number): void => {
    while (published < options.commands && begunAt.size < inFlight) publishOne();
  };
  const allBack = new Promise<number>((resolve) => {
    void consumeEvents(channels.events, (messageId) => {
      const at = begunAt.get(messageId);
      if (at === undefined) {
        repeatedEvents += 1;
        return;
      }
      begunAt.delete(messageId);
      const now = monotonicMs();
      timesMs.push(now - at);
      if (timesMs.length === options.commands) resolve(now);
      else if (options.load.kind === 'closed') refill(options.load.inFlight);
    });
  });
  await pause(200); // Both consumers are settled before the clock starts.
  const startedAt = monotonicMs();
  if (options.load.kind === 'closed') refill(options.load.inFlight);
  else await beginEvenly(options.commands, options.load.perSecond, publishOne);
  return { tookMs: (await allBack) - startedAt, timesMs, repeatedEvents };
}

async function consumeEvents(channel: Channel, onEvent: (messageId: string) => void): Promise<void> {
  await channel.prefetch(2000);
  const acknowledge = acknowledgeInGroups(channel, 200);
  await channel.consume(referenceQueues.events, (message) => {
    if (!message) return;
    acknowledge.one();
    onEvent(String(message.properties.messageId));
  });
}

async function checkRows(database: Client, commands: number): Promise<void> {
  const { rows } = await database.query<{ inbox: number; payments: number; distinct_payments: number; outbox: number }>(countRows);
  const row = rows[0];
  if (row?.inbox === commands && row.payments === commands && row.distinct_payments === commands && row.outbox === 0) return;
  throw new Error(`The reference did not record ${commands} commands exactly once: ${JSON.stringify(row)}`);
}
