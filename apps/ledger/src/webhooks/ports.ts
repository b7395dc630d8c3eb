import type { TryDecision } from '@kkm/flow/ledger';

/** What goes to one endpoint about one site; `siteId` is empty for what is about none. Deliveries of a lane share places and limits, lanes never wait for each other. */
export interface WebhookLane {
  readonly endpointId: string;
  readonly siteId: string;
}

/** A delivery that is to be tried now. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly eventId: string;
  readonly eventType: string;
  /** The event, as it is sent. */
  readonly body: string;
  readonly traceparent: string | null;
  /** The try to make, from 1. */
  readonly number: number;
  /** Whether nothing told the endpoint of the event before. */
  readonly isFirst: boolean;
  /** When the event was recorded, or the delivery asked for. */
  readonly sinceMs: number;
}

/** What a look into a lane found. */
export interface WebhookRound {
  readonly url: string;
  /** Newest first, sealed. */
  readonly sealedSecrets: readonly string[];
  readonly claimed: readonly ClaimedDelivery[];
}

/** A try that was made. */
export interface MadeTry {
  readonly delivery: ClaimedDelivery;
  readonly atMs: number;
  readonly tookMs: number;
  readonly code: number | null;
  readonly fault: string | null;
  readonly response: string | null;
  readonly decision: TryDecision;
}

/** Where deliveries wait and what became of them is noted. All methods throw `Unavailable('ledger.unavailable')` when the database cannot be had. */
export interface WebhookBook {
  /** Claims what is due in a lane, as far as its limits let it, and has the lane looked into again when more will be due. Null: there is nothing to do. */
  claim(lane: WebhookLane, nowMs: number): Promise<WebhookRound | null>;
  /** Notes a try; a second note of the same try is dropped. */
  note(lane: WebhookLane, made: MadeTry): Promise<void>;
}
