import { check, Rejected } from '@kkm/core';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Broker, Delivery, Disposition, RpcQueue, Subscription } from './broker';
import { drainMs } from './connect-broker';

/** A queue that is consumed from start to stop. */
export interface FixedQueue {
  readonly queue: string;
  readonly prefetch: number;
  /** The `@EventPattern` that handles it; default the queue's name. */
  readonly pattern?: string;
}

/** What the strategy serves. */
export interface AmqpStrategyOptions {
  readonly broker: Broker;
  /** Queues whose calls go to the `@MessagePattern` handler named by the method. */
  readonly calls?: readonly { readonly queue: RpcQueue; readonly prefetch: number }[];
  /** Queues whose messages go to an `@EventPattern` handler. */
  readonly queues?: readonly FixedQueue[];
  /** How long a shutdown waits for running handlers; default 30 s. */
  readonly drainMs?: number;
}

/**
 * Nest's microservices on KKM's broker, because the stock RabbitMQ transport acknowledges by itself, has no prefetch limit and sends non-persistent messages.
 * Handlers get the body by `@Payload()` and the `Delivery` by `@Ctx()`. An `@EventPattern` handler returns a `Disposition`; a `@MessagePattern` handler returns the answer.
 * The broker is the caller's: the strategy ends its own subscriptions and leaves it open.
 */
export class AmqpStrategy extends Server implements CustomTransportStrategy {
  private readonly fixed: Subscription[] = [];
  private readonly followed = new Map<string, Promise<Subscription>>();

  constructor(private readonly options: AmqpStrategyOptions) {
    super();
  }

  /** Called by Nest: subscribes to all fixed queues. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const { broker, calls = [], queues = [] } = this.options;
      for (const { queue, prefetch } of calls) {
        this.fixed.push(await broker.serve(queue, { prefetch }, (method, request, delivery) => this.answer(method, request, delivery)));
      }
      for (const { queue, prefetch, pattern = queue } of queues) this.fixed.push(await this.subscribe(queue, pattern, prefetch));
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Consumes a further queue with the handler of an `@EventPattern`, until {@link unfollow}. Following it already does nothing. */
  async follow(queue: string, pattern: string, options: { readonly prefetch: number }): Promise<void> {
    const known = this.followed.get(queue);
    if (known) return void (await known);
    const subscription = this.subscribe(queue, pattern, options.prefetch);
    this.followed.set(queue, subscription);
    await subscription;
  }

  /** Ends {@link follow}: drains, acknowledges, then cancels (design-money, clause 23). Resolves when another worker may drive. */
  async unfollow(queue: string): Promise<void> {
    const subscription = this.followed.get(queue);
    if (!subscription) return;
    this.followed.delete(queue);
    await (await subscription).cancel();
  }

  /** Queues of {@link follow}. */
  get following(): readonly string[] {
    return [...this.followed.keys()];
  }

  /** Called by Nest at shutdown: drains all subscriptions. */
  async close(): Promise<void> {
    const followed = await Promise.all(this.followed.values());
    this.followed.clear();
    const withinMs = this.options.drainMs ?? drainMs;
    await Promise.all([...this.fixed.splice(0), ...followed].map((subscription) => subscription.cancel({ withinMs })));
  }

  /** Part of Nest's contract; the strategy has no events of its own. */
  on(): never {
    throw new Error('AmqpStrategy has no events; see Broker.onState.');
  }

  /** The broker. */
  unwrap<T>(): T {
    return this.options.broker as T;
  }

  private subscribe(queue: string, pattern: string, prefetch: number): Promise<Subscription> {
    const handler = this.handlerOf(pattern);
    check(handler?.isEventHandler, `no @EventPattern('${pattern}') handles ${queue}`);
    return this.options.broker.consume(queue, { prefetch }, async (delivery) => asDisposition(await run(handler, delivery.body, delivery), pattern));
  }

  private async answer(method: string, request: unknown, delivery: Delivery): Promise<unknown> {
    const handler = this.handlerOf(method);
    if (!handler || handler.isEventHandler) throw new Rejected('message.unknown_type', { detail: `no method ${method}` });
    return run(handler, request, delivery);
  }

  private handlerOf(pattern: string): MessageHandler | undefined {
    // Not Nest's getHandlerByPattern: it parses every pattern as JSON first, and fails by an exception per message.
    return this.messageHandlers.get(pattern) as MessageHandler | undefined;
  }
}

async function run(handler: MessageHandler, body: unknown, delivery: Delivery): Promise<unknown> {
  const result: unknown = await handler(body, delivery);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function asDisposition(value: unknown, pattern: string): Disposition {
  if (value === 'done' || value === 'retry') return value;
  const park = typeof value === 'object' && value !== null && 'park' in value ? value.park : undefined;
  check(typeof park === 'string', `the handler of ${pattern} returned no disposition`);
  return { park };
}
