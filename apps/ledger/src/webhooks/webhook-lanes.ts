import { KnownError } from '@kkm/core';
import { decideTry } from '@kkm/flow/ledger';
import { runWithTrace, traceHeaders } from '@kkm/observability';
import type { OutboundAnswer, OutboundPosts } from '@kkm/outbound';
import type { ClaimedDelivery, MadeTry, WebhookBook, WebhookLane, WebhookRound } from './ports';
import { webhookSignature } from './signature';
import type { WebhookSecrets } from './webhook-secrets';

/** What lanes work with. */
export interface LaneParts {
  readonly book: WebhookBook;
  readonly secrets: Pick<WebhookSecrets, 'open'>;
  readonly posts: Pick<OutboundPosts, 'post'>;
  readonly nowMs: () => number;
  /** A number from 0 to below 1. */
  readonly draw: () => number;
  readonly watch: LaneWatch;
}

/** What lanes tell. */
export interface LaneWatch {
  tried(lane: WebhookLane, made: MadeTry): void;
  background(what: string, error: unknown): void;
}

/** How long a stop waits for requests under way; what was left is sent again when its claim ends. */
const partingMs = 3_000;

/**
 * Sends what is due. Requests of a lane run side by side up to their limit; nobody waits for an endpoint but its own lane, so that a slow one delays no other. At least once:
 * a process that dies after the answer and before the note sends again, under the same id.
 */
export class WebhookLanes {
  private readonly flying = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly parts: LaneParts) {}

  /** Looks into a lane and begins to send what is due there; resolves when that is begun, not when it is done. */
  async look(lane: WebhookLane): Promise<void> {
    if (this.stopped) return;
    const round = await this.parts.book.claim(lane, this.parts.nowMs());
    for (const delivery of round?.claimed ?? []) if (round) this.begin(lane, round, delivery);
  }

  /** Waits for what is under way, as far as there is time. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.race([Promise.all(this.flying), new Promise((resolve) => setTimeout(resolve, partingMs).unref())]);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.flying.size > 0) await Promise.all(this.flying);
  }

  private begin(lane: WebhookLane, round: WebhookRound, delivery: ClaimedDelivery): void {
    const flight = this.deliver(lane, round, delivery)
      .then(() => this.look(lane))
      .catch((error: unknown) => this.parts.watch.background('deliver a webhook', error))
      .finally(() => this.flying.delete(flight));
    this.flying.add(flight);
  }

  private async deliver(lane: WebhookLane, round: WebhookRound, delivery: ClaimedDelivery): Promise<void> {
    const { nowMs, draw, book, watch } = this.parts;
    const [atMs, begun] = [nowMs(), performance.now()];
    const { code, fault, retryAfter, response } = await this.send(lane, round, { delivery, atMs });
    const decision = decideTry(delivery.number, { code, retryAfter }, { nowMs: nowMs(), draw: draw() });
    const made = {
      delivery,
      atMs,
      tookMs: Math.round(performance.now() - begun),
      code,
      fault,
      response: response === null ? null : storable(response),
      decision,
    };
    await book.note(lane, made);
    watch.tried(lane, made);
  }

  private async send(
    { endpointId }: WebhookLane,
    { url, sealedSecrets }: WebhookRound,
    { delivery, atMs }: { readonly delivery: ClaimedDelivery; readonly atMs: number },
  ): Promise<OutboundAnswer> {
    const { eventId: id, eventType, body, traceparent } = delivery;
    try {
      const secrets = await Promise.all(sealedSecrets.map((sealed) => this.parts.secrets.open(endpointId, sealed)));
      const timestamp = Math.floor(atMs / 1_000);
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'KKM-Webhooks/1',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature(secrets, { id, timestamp, body }),
      };
      const post = () => this.parts.posts.post({ url, headers: { ...headers, ...traceHeaders() }, body });
      return await runWithTrace(traceparent === null ? {} : { traceparent }, `webhook ${eventType}`, post);
    } catch (error) {
      // Signed by nobody it is not sent; whoever reads the log of deliveries learns why.
      if (error instanceof KnownError) return { code: null, fault: error.code, retryAfter: null, response: null };
      throw error;
    }
  }
}

/** Foreign text as the database can hold it. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '');
}
