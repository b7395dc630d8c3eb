import { Rejected, Unavailable } from '@kkm/core';
import type { HintMessage, OutgoingMessage } from './broker';
import { LastingChannel } from './lasting-channel';
import type { Link } from './link';
import type { Surroundings } from './surroundings';
import type { Wire, WireChannel, WireMessage, WireProperties } from './wire';

/** The largest body of a message, in bytes. */
export const bodyBytesMax = 1_048_576;

/** A publish waits this long for a connection before it fails. */
export const publishWaitMs = 5_000;

/** A confirm that takes longer is not waited for. */
export const confirmTimeoutMs = 10_000;

/** So many publishes may be unconfirmed at a time; a further one fails. */
export const unconfirmedMax = 20_000;

/** Header with the publisher's clock in milliseconds, for the queue wait metric; the AMQP timestamp only has seconds. */
export const sentAtHeader = 'x-sent-at-ms';

/** Header with further routing keys; the broker takes it off before it delivers (RabbitMQ, sender-selected distribution). */
export const furtherKeysHeader = 'BCC';

/** Who publishes. */
export interface Identity {
  readonly user: string;
  readonly app: string;
}

/** A message whose bytes and properties are ready. */
export type ReadyMessage = Omit<WireMessage, 'persistent' | 'mandatory'> & { readonly mandatory?: boolean };

interface Unconfirmed {
  readonly settle: (failure: Error | null) => void;
  returned: string | null;
}

const jsonType = 'application/json';

/** Publishes with confirms on one channel and fire-and-forget on another, so that a hint to a missing exchange closes nothing that matters. */
export class Publisher {
  private readonly confirming: LastingChannel;
  private readonly plain: LastingChannel;
  private sequence = 0;
  private readonly unconfirmed = new Map<string, Unconfirmed>();
  private idle: (() => void) | null = null;

  constructor(
    link: Link,
    private readonly identity: Identity,
    private readonly around: Surroundings,
    private readonly unroutable: (exchange: string, routingKey: string) => void,
  ) {
    this.confirming = new LastingChannel(link, around, {
      confirming: true,
      purpose: 'publishing',
      returned: ({ correlationId, reason }) => {
        const entry = correlationId === null ? undefined : this.unconfirmed.get(correlationId);
        if (entry) entry.returned = reason;
      },
    });
    this.plain = new LastingChannel(link, around, { confirming: false, purpose: 'hints' });
  }

  /** Opens the channels of a fresh connection. */
  async prepare(wire: Wire): Promise<void> {
    await Promise.all([this.confirming.prepare(wire), this.plain.prepare(wire)]);
  }

  /** See `Broker.publish`. */
  async publish(message: OutgoingMessage): Promise<void> {
    const { exchange, routingKey, furtherKeys = [], messageId, type } = message;
    const headers = furtherKeys.length > 0 ? { ...message.headers, [furtherKeysHeader]: furtherKeys } : message.headers;
    const properties = { ...this.stamp(headers), messageId, type, contentType: message.contentType ?? jsonType };
    await this.send({ exchange, routingKey, content: encodeBody(message.body), properties, mandatory: message.mandatory ?? true });
  }

  /** Publishes ready bytes like {@link publish}. `properties` must come from {@link stamp}. */
  async send(message: ReadyMessage): Promise<void> {
    const startedMs = this.around.clock.nowMs();
    const channel = this.confirming.open ?? (await this.confirming.opened(publishWaitMs));
    if (!channel) throw unavailable('there is no connection');
    if (this.unconfirmed.size >= unconfirmedMax) throw unavailable('too many publishes are unconfirmed');
    await this.confirmed(channel, message);
    this.around.metrics.confirmed(message.exchange, this.around.clock.nowMs() - startedMs);
  }

  /** See `Broker.hint`. */
  hint(message: HintMessage): void {
    const { exchange, routingKey } = message;
    try {
      const expiration = message.expiresMs === undefined ? undefined : String(Math.ceil(message.expiresMs));
      const properties = { ...this.stamp(), contentType: jsonType, expiration };
      this.plain.open?.publish({ exchange, routingKey, content: encodeBody(message.body), properties, persistent: false, mandatory: false });
    } catch (error) {
      this.around.log.debug({ err: error, exchange }, 'A hint was dropped.');
    }
  }

  /** Properties that every message carries. */
  stamp(headers?: Readonly<Record<string, unknown>>): WireProperties {
    const nowMs = this.around.clock.nowMs();
    const { user, app } = this.identity;
    return { userId: user, appId: app, timestamp: Math.floor(nowMs / 1000), headers: { ...headers, ...this.around.tracing.headers(), [sentAtHeader]: nowMs } };
  }

  /** Resolves when nothing is unconfirmed, or after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    if (this.unconfirmed.size === 0) return;
    await new Promise<void>((resolve) => {
      const stop = this.around.clock.after(withinMs, resolve);
      this.idle = () => {
        stop();
        resolve();
      };
    });
  }

  private confirmed(channel: WireChannel, message: ReadyMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const key = String((this.sequence += 1));
      const stopTimer = this.around.clock.after(confirmTimeoutMs, () => entry.settle(new Error('no confirm came in time')));
      const entry: Unconfirmed = {
        returned: null,
        settle: (failure) => {
          if (!this.unconfirmed.delete(key)) return;
          stopTimer();
          if (this.unconfirmed.size === 0) this.idle?.();
          if (failure) reject(unavailable(failure.message, failure));
          else if (entry.returned !== null) reject(this.refuseReturned(message, entry.returned));
          else resolve();
        },
      };
      this.unconfirmed.set(key, entry);
      try {
        // The correlation id joins a returned message to its publish: a message id may be in flight twice.
        channel.publish(
          { ...message, properties: { ...message.properties, correlationId: key }, persistent: true, mandatory: message.mandatory ?? true },
          entry.settle,
        );
      } catch (error) {
        entry.settle(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private refuseReturned(message: ReadyMessage, reason: string): Unavailable {
    this.unroutable(message.exchange, message.routingKey);
    return unavailable(`no queue takes ${message.exchange} "${message.routingKey}" (${reason})`);
  }
}

/** Writes a body as JSON; `Rejected` above {@link bodyBytesMax}. */
export function encodeBody(body: unknown, bytesMax = bodyBytesMax): Buffer {
  const content = Buffer.from(JSON.stringify(body ?? null), 'utf8');
  if (content.length > bytesMax) throw new Rejected('request.too_large', { detail: `a message of ${content.length} bytes; ${bytesMax} are allowed` });
  return content;
}

function unavailable(detail: string, cause?: unknown): Unavailable {
  return new Unavailable('broker.unavailable', cause === undefined ? { detail } : { detail, cause });
}
