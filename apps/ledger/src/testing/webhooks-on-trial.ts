import { randomBytes } from 'node:crypto';
import { newId, permitTimes } from '@kkm/core';
import type { CompletionEvent, WebhookEndpoint } from '@kkm/core';
import { webhookTimes } from '@kkm/flow/ledger';
import { createLogger, createMetrics } from '@kkm/observability';
import { outboundPosts } from '@kkm/outbound';
import { openingKeys, sealSecret } from '@kkm/sealing';
import { eventually } from '@kkm/testkit';
import { PostgresWebhookBook } from '../postgres/webhook-book';
import { readForWebhooks } from '../postgres/webhook-reader';
import { webhooksOn } from '../running-webhooks';
import type { LedgerWebhooks } from '../webhooks/ledger-webhooks';
import type { MadeTry } from '../webhooks/ports';
import { WebhookLanes } from '../webhooks/webhook-lanes';
import { WebhookSecrets } from '../webhooks/webhook-secrets';
import type { LedgerOnTrial } from './ledger-on-trial';

/** What the ledger's key of secrets is made from in trials. */
const sealingKey = Buffer.alloc(32, 5).toString('base64url');

/** How an endpoint on trial differs from the usual. */
export interface TrialEndpoint {
  readonly siteId?: string | null;
  readonly eventTypes?: readonly CompletionEvent['type'][] | null;
}

/** Webhooks of a ledger on trial: made with secrets that the test knows, and driven by hand by a clock that it moves, or by their own jobs. */
export class WebhooksOnTrial {
  /** Tries made by hand-driven lanes. */
  readonly made: MadeTry[] = [];
  private readonly lanes: WebhookLanes;

  private constructor(
    private readonly ledger: LedgerOnTrial,
    readonly running: LedgerWebhooks,
    secrets: WebhookSecrets,
    how: { readonly timeoutMs: number },
  ) {
    const posts = outboundPosts({ privateAllowed: true, timeoutMs: how.timeoutMs, responseBytesMax: 1_024 });
    const watch = {
      tried: (_lane: object, made: MadeTry) => void this.made.push(made),
      background: (_what: string, error: unknown) => {
        throw error;
      },
    };
    const nowMs = (): number => ledger.clock.nowMs;
    this.lanes = new WebhookLanes({ book: new PostgresWebhookBook(ledger.dataSource), secrets, posts, nowMs, draw: () => 0, watch });
  }

  /** @param url of the ledger's database. */
  static async on(ledger: LedgerOnTrial, url: string, how: { readonly timeoutMs?: number } = {}): Promise<WebhooksOnTrial> {
    const around = { nowMs: () => ledger.clock.nowMs, newId: ledger.newId.bind(ledger), times: permitTimes };
    const config = { KKM_DATABASE_URL: url, KKM_SEALING_KEY: sealingKey, KKM_PRIVATE_WEBHOOKS: 'allowed' } as const;
    const log = createLogger({ service: 'ledger', level: 'silent' });
    const running = await webhooksOn({ config, dataSource: ledger.dataSource, around, log, metrics: createMetrics('ledger') });
    const secrets = new WebhookSecrets(await openingKeys(Buffer.from(sealingKey, 'base64url')));
    return new WebhooksOnTrial(ledger, running, secrets, { timeoutMs: how.timeoutMs ?? webhookTimes.timeoutMs });
  }

  /** Makes an endpoint with a new secret. */
  async endpoint(url: string, { siteId = null, eventTypes = null }: TrialEndpoint = {}): Promise<WebhookEndpoint & { readonly secret: string }> {
    const id = newId('hook', Date.now(), randomBytes);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const wanted = { id, siteId, name: 'trial', url, eventTypes, enabled: true, by: 'a test' };
    return { ...(await this.running.desk.create({ ...wanted, sealedSecret: await this.sealed(id, secret) })), secret };
  }

  /** A secret as it travels. */
  async sealed(endpointId: string, secret: string): Promise<string> {
    return sealSecret(secret, { ...this.running.desk.sealingKey(), endpointId });
  }

  /** Makes deliveries of everything recorded so far. */
  async read(): Promise<void> {
    await eventually(async () => {
      while ((await readForWebhooks(this.ledger.dataSource, this.ledger.clock.nowMs)) > 0);
      const [left] = await this.ledger.rows<{ left: number }>(
        `select count(*) as left from ledger.event e, ledger.webhook_reader r where (e.epoch, e.xid, e.id) > (r.epoch, r.xid, r.id)`,
      );
      if (left?.left !== 0) throw new Error('events are left');
    }, 20_000);
  }

  /** Looks into every lane in which something waits, until nothing is due now. */
  async send(): Promise<void> {
    for (let before = -1; before !== this.made.length;) {
      before = this.made.length;
      const lanes = await this.ledger.rows<{ endpoint_id: string; site_id: string }>(
        `select distinct endpoint_id, site_id from ledger.webhook_delivery where state = 'waiting'`,
      );
      await Promise.all(lanes.map(({ endpoint_id: endpointId, site_id: siteId }) => this.lanes.look({ endpointId, siteId })));
      await this.lanes.idle();
    }
  }

  /** When the next delivery of an endpoint is due. */
  async nextDueMs(endpointId: string): Promise<number | null> {
    const [row] = await this.ledger.rows<{ due: Date | null }>(
      `select min(due_at) as due from ledger.webhook_delivery where endpoint_id = $1 and state = 'waiting'`,
      [endpointId],
    );
    return row?.due?.getTime() ?? null;
  }

  /** Everything that was delivered or waits at an endpoint, newest first. */
  async deliveries(id: string) {
    return (await this.running.desk.deliveries({ scope: null, id, state: null, eventId: null, subject: null, before: null, limit: 200 })).deliveries;
  }
}
