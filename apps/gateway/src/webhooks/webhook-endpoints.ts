import { Rejected } from '@kkm/core';
import type { ChangeWebhookRequest, CompletionEvent, DeliveryPage, SbpSealingKey, WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import type { WebhookLedger } from '@kkm/flow/gateway';
import type { Log } from '@kkm/messaging';
import { scopeOf } from '../access/caller';
import type { Caller } from '../access/caller';
import type { SiteStore } from '../equipment/stores';

/** What webhook endpoints are set over. */
export interface WebhookSurroundings {
  readonly ledger: WebhookLedger;
  readonly sites: Pick<SiteStore, 'read'>;
  /** Seals a secret so that the ledger alone can read it. */
  readonly seal: (secret: string, to: SbpSealingKey & { readonly endpointId: string }) => Promise<string>;
  readonly log: Log;
  readonly newId: () => string;
  /** 32 random bytes. */
  readonly drawSecret: () => Buffer;
}

/** A checked request to make an endpoint. Without `siteId` it is the caller's site. */
interface NewEndpoint {
  readonly siteId?: string | null | undefined;
  readonly name: string;
  readonly url: string;
  readonly eventTypes: readonly CompletionEvent['type'][] | null;
  readonly enabled: boolean;
}

/** The members to change; `eventTypes` null takes the filter away. */
interface EndpointChange {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly eventTypes?: readonly CompletionEvent['type'][] | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** An endpoint with its secret, shown once. */
export type IssuedWebhookEndpoint = WebhookEndpoint & { readonly secret: string };

/** What a list of deliveries is asked for. */
interface AskedDeliveries {
  readonly state?: 'waiting' | 'delivered' | 'given_up' | undefined;
  readonly eventId?: string | undefined;
  readonly subject?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Ids of endpoints and deliveries; what is none of them is not found. */
const idPattern = /^[A-Za-z0-9_]{1,64}$/;

/**
 * Webhook endpoints, as doors set and show them. The gateway draws each secret, shows it once and hands it on sealed: neither broker nor database holds it in the clear.
 * Everything else is the ledger's.
 */
export class WebhookEndpoints {
  constructor(private readonly around: WebhookSurroundings) {}

  /** A page, oldest first. */
  async list(asked: { readonly siteId?: string | undefined; readonly limit: number; readonly cursor?: string | undefined }, by: Caller) {
    const { siteId = null, limit, cursor = null } = asked;
    const { endpoints, next } = await this.around.ledger.list({ scope: scopeOf(by), siteId, after: cursor, limit });
    return { webhookEndpoints: endpoints, next };
  }

  /** @throws Rejected `webhook.not_found`. */
  read(id: string, by: Caller): Promise<WebhookEndpoint> {
    return this.around.ledger.read(named(id, by));
  }

  /** Makes an endpoint and shows its secret. @throws Rejected `equipment.not_found`, `request.invalid`, `auth.forbidden`. */
  async create({ siteId: asked, ...wanted }: NewEndpoint, by: Caller): Promise<IssuedWebhookEndpoint> {
    const siteId = asked === undefined ? by.siteId : asked;
    if (siteId === null && by.siteId !== null) throw new Rejected('auth.forbidden', { detail: 'An endpoint for every site needs an operator.' });
    if (siteId !== null) await this.around.sites.read(siteId, by);
    const id = this.around.newId();
    const { secret, sealedSecret } = await this.draw(id);
    const endpoint = await this.around.ledger.create({ id, siteId, ...wanted, sealedSecret, by: by.name });
    this.told('made', endpoint, by);
    return { ...endpoint, secret };
  }

  /** @throws Rejected `webhook.not_found`, `request.invalid`. */
  async change(id: string, { name, url, eventTypes, enabled }: EndpointChange, by: Caller): Promise<WebhookEndpoint> {
    const change: ChangeWebhookRequest = {
      ...named(id, by),
      name: name ?? null,
      url: url ?? null,
      eventTypes: eventTypes === null ? 'all' : (eventTypes ?? null),
      enabled: enabled ?? null,
      by: by.name,
    };
    const endpoint = await this.around.ledger.change(change);
    this.told('changed', endpoint, by);
    return endpoint;
  }

  /** @throws Rejected `webhook.not_found`. */
  async delete(id: string, by: Caller): Promise<void> {
    await this.around.ledger.delete(named(id, by));
    this.around.log.info({ endpointId: id, callerId: by.id }, 'A webhook endpoint was deleted.');
  }

  /** Gives a new secret and shows it. @throws Rejected `webhook.not_found`. */
  async rotate(id: string, overlapSeconds: number, by: Caller): Promise<IssuedWebhookEndpoint> {
    const endpointOf = named(id, by);
    const { secret, sealedSecret } = await this.draw(id);
    const endpoint = await this.around.ledger.rotate({ ...endpointOf, sealedSecret, overlapSeconds, by: by.name });
    this.told('given a new secret', endpoint, by);
    return { ...endpoint, secret };
  }

  /** Sends an event that tells of no payment. @throws Rejected `webhook.not_found`, `webhook.disabled`. */
  test(id: string, by: Caller): Promise<WebhookDelivery> {
    return this.around.ledger.test(named(id, by));
  }

  /** A page, newest first. @throws Rejected `webhook.not_found`. */
  deliveries(id: string, { state, eventId, subject, limit, cursor }: AskedDeliveries, by: Caller): Promise<DeliveryPage> {
    const filter = { state: state ?? null, eventId: eventId ?? null, subject: subject ?? null };
    return this.around.ledger.deliveries({ ...named(id, by), ...filter, before: cursor ?? null, limit });
  }

  /** Sends the event of a delivery once more. @throws Rejected `webhook.not_found`, `webhook.delivery_not_found`, `webhook.disabled`. */
  replay({ id, deliveryId }: { readonly id: string; readonly deliveryId: string }, by: Caller): Promise<WebhookDelivery> {
    const endpoint = named(id, by);
    if (!idPattern.test(deliveryId)) throw new Rejected('webhook.delivery_not_found');
    return this.around.ledger.replay({ ...endpoint, deliveryId });
  }

  /** Sends the events of a range once more. @throws Rejected `webhook.not_found`, `webhook.disabled`, `webhook.replay_too_large`. */
  replayRange(id: string, range: { readonly from: string; readonly to: string; readonly only: 'all' | 'undelivered' }, by: Caller) {
    return this.around.ledger.replayRange({ ...named(id, by), ...range });
  }

  private async draw(endpointId: string): Promise<{ readonly secret: string; readonly sealedSecret: string }> {
    const secret = `whsec_${this.around.drawSecret().toString('base64')}`;
    const { publicKey } = await this.around.ledger.sealingKey();
    return { secret, sealedSecret: await this.around.seal(secret, { publicKey, endpointId }) };
  }

  private told(what: string, { id: endpointId, siteId, enabled }: WebhookEndpoint, by: Caller): void {
    this.around.log.info({ endpointId, siteId, enabled, callerId: by.id }, `A webhook endpoint was ${what}.`);
  }
}

function named(id: string, by: Caller) {
  if (!idPattern.test(id)) throw new Rejected('webhook.not_found');
  return { scope: scopeOf(by), id };
}
