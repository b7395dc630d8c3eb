import type { CompletionEvent, SiteScope } from './ledger-calls';

/** Where a delivery stands. `waiting`: it is tried, or will be. `delivered`: the endpoint answered 2xx. `given_up`: 75 h of tries ended, or the endpoint is gone. */
export const deliveryStates = ['waiting', 'delivered', 'given_up'] as const;
/** One of {@link deliveryStates}. */
export type DeliveryState = (typeof deliveryStates)[number];

/** Why an event is delivered: it happened, a person asked for it again, or somebody tries the endpoint. */
export const deliveryOrigins = ['event', 'replay', 'test'] as const;
/** One of {@link deliveryOrigins}. */
export type DeliveryOrigin = (typeof deliveryOrigins)[number];

/** What a replay of a range takes: every event, or those that no delivery to the endpoint has brought there. */
export const replayChoices = ['all', 'undelivered'] as const;
/** One of {@link replayChoices}. */
export type ReplayChoice = (typeof replayChoices)[number];

/** The type of the event that tries an endpoint; it tells of no payment. */
export const webhookTestType = 'kkm.webhook.test.v1';

/** Types of events that an endpoint can be sent. */
export type WebhookEventType = CompletionEvent['type'] | typeof webhookTestType;

/** A key of an endpoint, without itself. `endsAt`: until when it signs beside its successor; null: in force. */
export interface WebhookSecret {
  readonly createdAt: string;
  readonly endsAt: string | null;
}

/** Where webhooks go, as it is shown: never the secret. */
export interface WebhookEndpoint {
  readonly id: string;
  /** The site whose events it gets; null: an operator's, for every site. */
  readonly siteId: string | null;
  readonly name: string;
  readonly url: string;
  /** Null: events of every type. */
  readonly eventTypes: readonly CompletionEvent['type'][] | null;
  readonly enabled: boolean;
  /** Why it was switched off without a person: `gone` is an answer of 410. */
  readonly disabledBecause: 'gone' | null;
  /** Newest first. */
  readonly secrets: readonly WebhookSecret[];
  /** Deliveries not yet delivered nor given up. */
  readonly waiting: number;
  readonly lastDeliveredAt: string | null;
  readonly lastFailedAt: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly changedBy: string;
}

/** One request of a delivery and what came of it. */
export interface WebhookTry {
  /** From 1 within the delivery. */
  readonly number: number;
  readonly at: string;
  readonly tookMs: number;
  /** Status of the answer; null when there was none. */
  readonly code: number | null;
  /** Why there was no answer (`timeout`, `address_refused`, `ECONNREFUSED`, …); null when there was one. */
  readonly fault: string | null;
  /** The first bytes of the answer's body, as text; null when there was no answer. Foreign text. */
  readonly response: string | null;
}

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** The event's site; of a test the endpoint's. Null when there is none: a test of an operator's endpoint, a rejected request that named no site. */
  readonly siteId: string | null;
  /** The event's id, sent as `webhook-id` with every try and every replay. */
  readonly eventId: string;
  readonly eventType: WebhookEventType;
  /** The payment. */
  readonly subject: string;
  readonly origin: DeliveryOrigin;
  readonly state: DeliveryState;
  /** When it is tried next; null when it is not. */
  readonly nextTryAt: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Oldest first. */
  readonly tries: readonly WebhookTry[];
}

/** Makes an endpoint. The secret is sealed to the ledger's key for this id. */
export interface CreateWebhookRequest extends Pick<WebhookEndpoint, 'id' | 'siteId' | 'name' | 'url' | 'eventTypes' | 'enabled'> {
  readonly sealedSecret: string;
  readonly by: string;
}

/** An endpoint that a caller names. */
export interface NamedWebhook {
  readonly scope: SiteScope;
  readonly id: string;
}

/** Changes the members that are not null; of `eventTypes`, `'all'` takes the filter away. */
export interface ChangeWebhookRequest extends NamedWebhook {
  readonly name: string | null;
  readonly url: string | null;
  readonly eventTypes: readonly CompletionEvent['type'][] | 'all' | null;
  readonly enabled: boolean | null;
  readonly by: string;
}

/** Gives an endpoint a new secret; the one before signs too until the overlap is over. */
export interface RotateWebhookRequest extends NamedWebhook {
  readonly sealedSecret: string;
  readonly overlapSeconds: number;
  readonly by: string;
}

/** Asks for endpoints, oldest first. */
export interface ListWebhooksRequest {
  readonly scope: SiteScope;
  readonly siteId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** A page of endpoints; `next` is null at the end. */
export interface WebhookPage {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly next: string | null;
}

/** Asks for deliveries of one endpoint, newest first. */
export interface ListDeliveriesRequest extends NamedWebhook {
  readonly state: DeliveryState | null;
  readonly eventId: string | null;
  readonly subject: string | null;
  readonly before: string | null;
  readonly limit: number;
}

/** A page of deliveries; `next` is null at the end. */
export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  readonly next: string | null;
}

/** Sends the event of a delivery once more. */
export interface ReplayDeliveryRequest extends NamedWebhook {
  readonly deliveryId: string;
}

/** Sends the events recorded from `from` until before `to` once more, as far as the endpoint's site and types let it have them. */
export interface ReplayRangeRequest extends NamedWebhook {
  readonly from: string;
  readonly to: string;
  readonly only: ReplayChoice;
}

/** How many deliveries a replay made. */
export interface ReplayedRange {
  readonly replayed: number;
}
