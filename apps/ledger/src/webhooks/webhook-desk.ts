import { Rejected, webhookTestType } from '@kkm/core';
import type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  DeliveryPage,
  ListDeliveriesRequest,
  ListWebhooksRequest,
  NamedWebhook,
  ReplayDeliveryRequest,
  ReplayedRange,
  ReplayRangeRequest,
  RotateWebhookRequest,
  SbpSealingKey,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookPage,
} from '@kkm/core';
import type { OutboundPosts } from '@kkm/outbound';
import type { PostgresWebhookDeliveries } from '../postgres/webhook-deliveries';
import type { PostgresWebhookEndpoints } from '../postgres/webhook-endpoints';
import type { WebhookSecrets } from './webhook-secrets';

/** What {@link WebhookDesk} works with. */
export interface DeskParts {
  readonly endpoints: PostgresWebhookEndpoints;
  readonly deliveries: PostgresWebhookDeliveries;
  readonly secrets: WebhookSecrets;
  readonly posts: Pick<OutboundPosts, 'addressFault'>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

/** What people ask of webhooks. */
export class WebhookDesk {
  constructor(private readonly parts: DeskParts) {}

  /** @throws Unavailable `webhook.unavailable`. */
  sealingKey(): SbpSealingKey {
    return this.parts.secrets.sealingKey();
  }

  /** @throws Rejected `request.invalid`, `webhook.too_many`. */
  async create(request: CreateWebhookRequest): Promise<WebhookEndpoint> {
    await this.parts.secrets.open(request.id, request.sealedSecret);
    await this.mustBeCallable(request.url);
    const endpoint = await this.parts.endpoints.create(request, this.parts.nowMs());
    if (!endpoint) throw new Rejected('webhook.too_many');
    return endpoint;
  }

  async list(request: ListWebhooksRequest): Promise<WebhookPage> {
    const { limit } = request;
    // One more than asked for tells whether there is a further page.
    const found = await this.parts.endpoints.list({ ...request, limit: limit + 1 }, this.parts.nowMs());
    const endpoints = found.slice(0, limit);
    return { endpoints, next: found.length > limit ? (endpoints.at(-1)?.id ?? null) : null };
  }

  /** @throws Rejected `webhook.not_found`. */
  async read(named: NamedWebhook): Promise<WebhookEndpoint> {
    return found(await this.parts.endpoints.read(named, this.parts.nowMs()));
  }

  /** @throws Rejected `webhook.not_found`, `request.invalid`. */
  async change(request: ChangeWebhookRequest): Promise<WebhookEndpoint> {
    await this.read(request);
    if (request.url !== null) await this.mustBeCallable(request.url);
    return found(await this.parts.endpoints.change(request, this.parts.nowMs()));
  }

  /** @throws Rejected `webhook.not_found`. */
  async delete(named: NamedWebhook): Promise<null> {
    if (!(await this.parts.endpoints.delete(named))) throw new Rejected('webhook.not_found');
    return null;
  }

  /** @throws Rejected `webhook.not_found`. */
  async rotate(request: RotateWebhookRequest): Promise<WebhookEndpoint> {
    await this.parts.secrets.open(request.id, request.sealedSecret);
    return found(await this.parts.endpoints.rotate(request, this.parts.nowMs()));
  }

  /** @throws Rejected `webhook.not_found`, `webhook.disabled`. */
  async test(named: NamedWebhook): Promise<WebhookDelivery> {
    const endpoint = await this.enabled(named);
    const nowMs = this.parts.nowMs();
    const id = this.parts.newId();
    const event = {
      specversion: '1.0',
      id,
      source: 'urn:kkm:ledger',
      type: webhookTestType,
      subject: endpoint.id,
      time: new Date(nowMs).toISOString(),
      datacontenttype: 'application/json',
      data: { endpointId: endpoint.id, siteId: endpoint.siteId },
    };
    return this.parts.deliveries.test(endpoint, event, nowMs);
  }

  /** @throws Rejected `webhook.not_found`. */
  async deliveries(request: ListDeliveriesRequest): Promise<DeliveryPage> {
    await this.read(request);
    const { limit } = request;
    const listed = await this.parts.deliveries.list({ ...request, limit: limit + 1 });
    const deliveries = listed.slice(0, limit);
    return { deliveries, next: listed.length > limit ? (deliveries.at(-1)?.id ?? null) : null };
  }

  /** @throws Rejected `webhook.not_found`, `webhook.disabled`, `webhook.delivery_not_found`. */
  async replay({ deliveryId, ...named }: ReplayDeliveryRequest): Promise<WebhookDelivery> {
    const { id } = await this.enabled(named);
    const delivery = await this.parts.deliveries.replay(id, deliveryId, this.parts.nowMs());
    if (!delivery) throw new Rejected('webhook.delivery_not_found');
    return delivery;
  }

  /** @throws Rejected `webhook.not_found`, `webhook.disabled`, `webhook.replay_too_large`. */
  async replayRange(request: ReplayRangeRequest): Promise<ReplayedRange> {
    await this.enabled(request);
    const replayed = await this.parts.deliveries.replayRange(request, this.parts.nowMs());
    if (replayed === null) throw new Rejected('webhook.replay_too_large');
    return { replayed };
  }

  private async enabled(named: NamedWebhook): Promise<WebhookEndpoint> {
    const endpoint = await this.read(named);
    if (!endpoint.enabled) throw new Rejected('webhook.disabled');
    return endpoint;
  }

  private async mustBeCallable(url: string): Promise<void> {
    const fault = await this.parts.posts.addressFault(url);
    if (fault !== null) throw new Rejected('request.invalid', { members: { errors: [{ pointer: '#/url', detail: fault }] } });
  }
}

function found(endpoint: WebhookEndpoint | null): WebhookEndpoint {
  if (!endpoint) throw new Rejected('webhook.not_found');
  return endpoint;
}
