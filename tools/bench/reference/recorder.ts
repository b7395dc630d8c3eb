import { connect } from 'amqplib';
import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { Client } from 'pg';
import type { ReferenceOrder } from './messages';
import { referenceQueues } from './messages';
import { recordBatch, takeFromOutbox } from './statements';

/** Where the recorder works and how many commands one transaction may hold. */
export interface RecorderOptions {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  /** Commands per transaction, 1 to 1000. */
  readonly batch: number;
  /** Deliveries the broker may hand out before they are acknowledged. */
  readonly prefetch: number;
}

/** A running recorder. */
export interface Recorder {
  /** Waits for the relay's running transaction, then closes everything. */
  stop(): Promise<void>;
}

/** How often the relay looks for rows whose wake-up was lost. */
const sweepMs = 250;

/**
 * The middle of the reference pipeline: commands → one SQL statement → acknowledgement → relay → confirmed events.
 * A command is acknowledged only after its transaction, an outbox row goes only in the transaction that saw its event confirmed.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  // Without noDelay Nagle's algorithm and the delayed ACK add some 40 ms a hop.
  const connection = await connect(options.amqpUrl, { noDelay: true });
  const commands = await connection.createChannel();
  const events = await connection.createConfirmChannel();
  const recordDatabase = new Client({ connectionString: options.databaseUrl, application_name: 'bench-recorder' });
  const relayDatabase = new Client({ connectionString: options.databaseUrl, application_name: 'bench-relay' });
  await Promise.all([recordDatabase.connect(), relayDatabase.connect()]);

  const relay = oneAtATime(() => relayOnce(relayDatabase, events, options.batch * 2));
  const arrived: ConsumeMessage[] = [];
  const record = oneAtATime(async () => {
    const batch = arrived.splice(0, options.batch);
    if (batch.length === 0) return false;
    await recordOnce(recordDatabase, commands, batch);
    relay.wake();
    return arrived.length > 0;
  });
  await commands.prefetch(options.prefetch);
  await commands.consume(referenceQueues.commands, (message) => {
    if (!message) return;
    arrived.push(message);
    // What has arrived within this turn of the event loop shares the transaction, as far as `batch` allows.
    setImmediate(record.wake);
  });
  const sweep = setInterval(relay.wake, sweepMs);
  return {
    async stop() {
      clearInterval(sweep);
      await Promise.all([record.idle(), relay.idle()]);
      await connection.close();
      await Promise.all([recordDatabase.end(), relayDatabase.end()]);
    },
  };
}

async function recordOnce(database: Client, channel: Channel, batch: readonly ConsumeMessage[]): Promise<void> {
  const orders = new Map<string, ReferenceOrder>();
  for (const message of batch) orders.set(String(message.properties.messageId), JSON.parse(message.content.toString()) as ReferenceOrder);
  const rows = [...orders.values()];
  await database.query({
    ...recordBatch,
    values: [[...orders.keys()], rows.map((row) => row.terminalId), rows.map((row) => row.amountMinor), rows.map((row) => row.currency)],
  });
  const last = batch[batch.length - 1];
  if (last) channel.ack(last, true);
}

async function relayOnce(database: Client, channel: ConfirmChannel, limit: number): Promise<boolean> {
  await database.query('BEGIN');
  const { rows } = await database.query<{ command_id: string; event: string }>({ ...takeFromOutbox, values: [limit] });
  await Promise.all(rows.map((row) => publishConfirmed(channel, row.command_id, row.event)));
  await database.query('COMMIT');
  return rows.length > 0;
}

function publishConfirmed(channel: ConfirmChannel, messageId: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { persistent: true, messageId, contentType: 'application/json' };
    channel.sendToQueue(referenceQueues.events, Buffer.from(body), options, (error: unknown) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve();
    });
  });
}

/** Runs `step` while it says there is more, never twice at a time; `wake` asks for one more look. An error ends the process: the broker hands the commands out again. */
function oneAtATime(step: () => Promise<boolean>): { wake(): void; idle(): Promise<void> } {
  let running: Promise<void> | null = null;
  let again = false;
  const loop = async (): Promise<void> => {
    do again = false;
    while ((await step()) || again);
    running = null;
  };
  return {
    wake() {
      again = true;
      running ??= loop();
    },
    async idle() {
      await running;
    },
  };
}
