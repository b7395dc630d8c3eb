import type { Broker, Clock, Delivery, Disposition } from '@kkm/messaging';
import { connectMemoryBroker } from '@kkm/messaging/testing';
import type { MemoryServer } from '@kkm/messaging/testing';
import type { Scheduler } from './scheduler';
import type { Seeded } from './seeded';

/** What a process lives in. */
export interface ProcessWorld {
  readonly scheduler: Scheduler;
  readonly server: MemoryServer;
  readonly random: Seeded;
}

/**
 * One life of a process. Every call of a port passes through it twice, before and after its effect: there it can die, so that the effect happened or not and
 * nobody went on; and there it waits while it is frozen. What a dead process awaits never comes.
 */
export class SimProcess {
  readonly clock: Clock;
  private dead = false;
  private frozen = false;
  private readonly held: (() => void)[] = [];
  private readonly atDeath: (() => void)[] = [];
  private broker: Broker | null = null;

  constructor(
    readonly name: string,
    readonly life: number,
    private readonly world: ProcessWorld,
    private readonly countOperation: () => boolean,
  ) {
    this.clock = { nowMs: () => world.scheduler.nowMs(), after: (ms, then) => world.scheduler.after(ms, () => this.wake(then)) };
  }

  get alive(): boolean {
    return !this.dead;
  }

  /** Whether it could do something now. */
  get moving(): boolean {
    return !this.dead && !this.frozen;
  }

  /** Connects to the broker as `user`, and gives every use of it a moment before and after. */
  async connect(user: string): Promise<Broker> {
    const { server, random } = this.world;
    const broker = await connectMemoryBroker(server, { name: this.connectionName, user, drainMs: 0, random: random.unit, clock: this.clock });
    this.broker = broker;
    return gated(broker, this);
  }

  /** What its connections are called at the broker. */
  get connectionName(): string {
    return `${this.name}#${this.life}`;
  }

  /** Dies now: nothing it has begun goes on. */
  crash(): void {
    if (this.dead) return;
    this.dead = true;
    this.held.length = 0;
    this.world.server.isolate(this.connectionName);
    for (const then of this.atDeath) then();
    void this.broker?.close();
  }

  /** Runs when it dies. */
  onDeath(then: () => void): void {
    this.atDeath.push(then);
  }

  /** Stands still until {@link thaw}. */
  freeze(): void {
    this.frozen = true;
  }

  /** Goes on. */
  thaw(): void {
    this.frozen = false;
    for (const then of this.held.splice(0)) if (!this.dead) then();
  }

  /** Runs `then` if the process is alive, once it moves. */
  wake(then: () => void): void {
    if (this.dead) return;
    if (this.frozen) this.held.push(then);
    else then();
  }

  /** A moment in which it may die or stand still. */
  turn(): Promise<void> {
    if (!this.dead && this.countOperation()) this.crash();
    if (this.dead) return new Promise(() => undefined);
    return new Promise((resolve) => {
      this.clock.after(this.world.random.whole(0, 2), resolve);
    });
  }

  /** Uses a port. */
  async through<T>(work: () => Promise<T> | T): Promise<T> {
    await this.turn();
    try {
      return await work();
    } finally {
      await this.turn();
    }
  }

  /** Waits on the process's clock. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }
}

function gated(broker: Broker, process: SimProcess): Broker {
  return {
    declare: (exchanges, queues) => process.through(() => broker.declare(exchanges, queues)),
    forget: (queue) => broker.forget(queue),
    unbind: (binding) => process.through(() => broker.unbind(binding)),
    expect: (queue) => process.through(() => broker.expect(queue)),
    publish: (message) => process.through(() => broker.publish(message)),
    hint: (message) => (process.moving ? broker.hint(message) : undefined),
    call: (service, method, request, options) => process.through(() => broker.call(service, method, request, options)),
    listen: (bindings, handle) => broker.listen(bindings, handle),
    consume: (queue, options, handle) => broker.consume(queue, options, (delivery: Delivery): Promise<Disposition> => process.through(() => handle(delivery))),
    consumeRaw: (queue, options, take) => broker.consumeRaw(queue, options, (delivery) => process.through(() => take(delivery))),
    serve: (queue, options, handle) => broker.serve(queue, options, (method, request, delivery) => process.through(() => handle(method, request, delivery))),
    get state() {
      return broker.state;
    },
    onState: (listener) => broker.onState(listener),
    close: () => broker.close(),
  };
}
