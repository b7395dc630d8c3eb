import { exchanges, furtherKeys } from '@kkm/contracts';
import type { Broker } from '@kkm/messaging';
import { runWithTrace } from '@kkm/observability';
import type { OutboxRow } from './postgres/feed-statements';
import type { NextRound, PostgresOutbox } from './postgres/postgres-outbox';

/** How often the outbox is looked at without being woken: other replicas fill it too, and a wake-up dies with its process. */
const usualSweepMs = 250;

/** A confirmed event stays in the outbox this long at most; a crash in between publishes it again, under the same id. */
const forgetWithinMs = 50;

/** The outbox as the relay uses it. */
export type RelayedOutbox = Pick<PostgresOutbox, 'whileRelay' | 'tellRelay'>;

/** What the relay tells. */
export interface RelayWatch {
  relayed(count: number): void;
  background(what: string, error: unknown): void;
}

/** Publishes recorded events: at least once, per payment in order, with the same id on every repeat. Of several replicas one relays and the others stand by. */
export class OutboxRelay {
  private running: Promise<void> | null = null;
  private telling: Promise<void> | null = null;
  private stopped = false;
  private relaying = false;
  private awake = false;
  private endPause: (() => void) | null = null;
  private readonly sweepMs: number;

  constructor(
    private readonly outbox: RelayedOutbox,
    private readonly broker: Pick<Broker, 'state' | 'publish'>,
    private readonly how: { readonly watch: RelayWatch; readonly sweepMs?: number },
  ) {
    this.sweepMs = how.sweepMs ?? usualSweepMs;
  }

  /** Begins. */
  start(): void {
    this.running ??= this.run();
  }

  /** Says that there is something in the outbox; when another replica relays it is told. */
  wake(): void {
    this.awake = true;
    if (this.relaying) this.endPause?.();
    else this.tell();
  }

  /** Ends; resolves when the round at work has ended. What is left in the outbox is published by whoever runs next. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.endPause?.();
    await this.running;
    await this.telling;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.broker.state === 'connected')
          await this.outbox.whileRelay(
            () => this.wake(),
            (next) => this.relay(next),
          );
      } catch (error) {
        this.how.watch.background('relay events', error);
      }
      this.relaying = false;
      if (!this.stopped) await this.pause(this.sweepMs);
    }
  }

  /**
   * Round after round, until told to stop or until the broker does not confirm: then another replica may have better luck.
   * What was confirmed is forgotten in the statement that asks for more, or a moment later: to forget it at once would be half of all round trips.
   */
  private async relay(next: NextRound): Promise<void> {
    this.relaying = true;
    let confirmed: readonly number[] = [];
    while (!this.stopped && this.broker.state === 'connected') {
      this.awake = false;
      const round = await next(confirmed);
      confirmed = await this.publishAll(round);
      this.how.watch.relayed(confirmed.length);
      if (confirmed.length < round.length) break;
      if (!this.awake) await this.pause(confirmed.length > 0 ? forgetWithinMs : this.sweepMs);
    }
    if (confirmed.length > 0) await next(confirmed);
  }

  /** One word is on its way at a time; what is put into the outbox meanwhile is told by the next. */
  private tell(): void {
    if (this.telling !== null || this.running === null) return;
    this.awake = false;
    this.telling = this.outbox
      .tellRelay()
      .catch((error: unknown) => this.how.watch.background('tell the relay', error))
      .finally(() => {
        this.telling = null;
        if (this.awake && !this.relaying && !this.stopped) this.tell();
      });
  }

  /** Ids of the events that the broker confirmed. Payments go side by side, the events of one in order. */
  private async publishAll(round: readonly OutboxRow[]): Promise<readonly number[]> {
    const bySubject = new Map<string, OutboxRow[]>();
    for (const row of round) {
      const rows = bySubject.get(row.subject);
      if (rows) rows.push(row);
      else bySubject.set(row.subject, [row]);
    }
    return (await Promise.all([...bySubject.values()].map((rows) => this.publishInOrder(rows)))).flat();
  }

  /** One payment's events. The first that is not confirmed, whatever the reason, keeps its later ones back and nobody else's. */
  private async publishInOrder(events: readonly OutboxRow[]): Promise<readonly number[]> {
    const confirmed: number[] = [];
    for (const event of events) {
      try {
        await this.publish(event);
      } catch (error) {
        this.how.watch.background('publish an event', error);
        return confirmed;
      }
      confirmed.push(event.event_id);
    }
    return confirmed;
  }

  private publish({ body, routing_key: routingKey, traceparent }: OutboxRow): Promise<void> {
    const message = {
      exchange: exchanges.events,
      routingKey,
      furtherKeys: furtherKeys(body),
      body,
      messageId: body.id,
      type: body.type,
      contentType: 'application/cloudevents+json',
      mandatory: false,
    };
    return traceparent === null ? this.broker.publish(message) : runWithTrace({ traceparent }, `publish ${body.type}`, () => this.broker.publish(message));
  }

  /** Waits, or less when something ends the pause. */
  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = null;
  }
}
