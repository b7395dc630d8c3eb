import { webhookTimes } from '@kkm/flow/ledger';
import type { LedgerSurroundings } from '@kkm/flow/ledger';
import type { Logger, Metrics } from '@kkm/observability';
import { outboundPosts } from '@kkm/outbound';
import { openingKeys } from '@kkm/sealing';
import type { Chore } from '../chores';
import { WebhookDesk } from './webhook-desk';
import type { DeskParts } from './webhook-desk';
import { WebhookLanes } from './webhook-lanes';
import type { LaneParts } from './webhook-lanes';
import { WebhookSecrets } from './webhook-secrets';
import { WebhookWatch } from './webhook-watch';
import type { WebhookBook, WebhookLane } from './ports';

/** More of an answer is neither read nor kept. */
const responseBytesMax = 1_024;

/** The feed is looked at this often without being told; what this replica records is told at once. */
const readMs = 250;
/** Deliveries left lying are looked for this often, once they are overdue by as much. */
const overdueMs = 30_000;
/** Deliveries that ended long ago are looked for this often. */
const forgetMs = 60_000;

/** What the ledger's webhooks are built from. */
export interface WebhookParts extends Pick<DeskParts, 'endpoints' | 'deliveries'> {
  readonly book: WebhookBook;
  readonly around: LedgerSurroundings;
  readonly draw: () => number;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** 32 bytes, base64url; null: no endpoint can be made. */
  readonly sealingKey: string | null;
  readonly privateAllowed: boolean;
  /** Makes deliveries of new events; resolves to how many events it took. */
  readonly read: () => Promise<number>;
  readonly waiting: () => Promise<number>;
  /** Starts the library that has lanes looked into. */
  readonly startJobs: (look: (lane: WebhookLane) => Promise<void>, watch: WebhookWatch) => Promise<{ stop(): Promise<void> }>;
}

/** The ledger's webhooks. */
export interface LedgerWebhooks {
  readonly desk: WebhookDesk;
  readonly chores: readonly Chore[];
  /** Says that there are new events. */
  wake(): void;
  start(): Promise<void>;
  /** To be called when nothing new is recorded any more. */
  stop(): Promise<void>;
}

/** Builds the ledger's webhooks. */
export async function ledgerWebhooks(parts: WebhookParts): Promise<LedgerWebhooks> {
  const { endpoints, deliveries, book, around, draw, read } = parts;
  const { nowMs } = around;
  const watch = new WebhookWatch(parts.metrics, parts.log, parts.waiting);
  const posts = outboundPosts({ privateAllowed: parts.privateAllowed, timeoutMs: webhookTimes.timeoutMs, responseBytesMax });
  const secrets = new WebhookSecrets(parts.sealingKey === null ? null : await openingKeys(Buffer.from(parts.sealingKey, 'base64url')));
  const desk = new WebhookDesk({ endpoints, deliveries, secrets, posts, nowMs, newId: () => around.newId('evt') });
  const laneParts: LaneParts = { book, secrets, posts, nowMs, draw, watch };
  const lanes = new WebhookLanes(laneParts);
  const reading = new OneAtATime(async () => {
    while ((await read()) > 0);
  }, watch);
  let jobs: { stop(): Promise<void> } | null = null;
  const chores: readonly Chore[] = [
    { what: 'read the feed for webhooks', everyMs: readMs, work: () => reading.run() },
    { what: 'look for overdue webhooks', everyMs: overdueMs, work: () => deliveries.lookAtOverdue(nowMs(), overdueMs) },
    { what: 'forget webhooks', everyMs: forgetMs, work: () => deliveries.forget(nowMs()) },
  ];
  return {
    desk,
    chores,
    wake: () => void reading.run(),
    start: async () => {
      jobs = await parts.startJobs((lane) => lanes.look(lane), watch);
    },
    stop: async () => {
      await reading.run();
      await jobs?.stop();
      await lanes.stop();
    },
  };
}

/** Runs work again and again as it is asked for, never twice at a time: what is asked for meanwhile is one further run. */
class OneAtATime {
  private running: Promise<void> | null = null;
  private isAsked = false;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly watch: Pick<WebhookWatch, 'background'>,
  ) {}

  run(): Promise<void> {
    this.isAsked = true;
    this.running ??= this.runAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async runAll(): Promise<void> {
    while (this.isAsked) {
      this.isAsked = false;
      try {
        await this.work();
      } catch (error) {
        this.watch.background('read the feed for webhooks', error);
      }
    }
  }
}
