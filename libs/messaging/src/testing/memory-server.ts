import type { Clock } from '../surroundings';
import { MemoryConnection } from './memory-connection';
import type { StoredMessage } from './memory-queue';
import { MemoryRouter } from './memory-router';
import type { PublishResult } from './memory-router';
import type { WireMessage } from '../wire';

/** How a simulated broker is set up. */
export interface MemoryServerOptions {
  readonly clock: Clock;
  /** Milliseconds that every message between client and server is under way. */
  readonly latencyMs?: () => number;
}

/** An AMQP broker in memory, as far as KKM stands on one. It has a clock and a latency instead of threads and sockets, so that a seed repeats a whole run. */
export class MemoryServer {
  private readonly router: MemoryRouter;
  private readonly connections = new Set<MemoryConnection>();
  private readonly isolated = new Set<string>();

  constructor(options: MemoryServerOptions) {
    this.router = new MemoryRouter(options.clock, options.latencyMs ?? (() => 0));
  }

  /** The clock that everything here runs on. */
  get clock(): Clock {
    return this.router.clock;
  }

  /** Publishes past every client, as a foreign program might. */
  publish(message: WireMessage, user: string): PublishResult {
    return this.router.publish(message, user);
  }

  /** Accepts a connection, or refuses it while `name` is isolated. */
  async connect(name: string, user: string): Promise<MemoryConnection> {
    const { clock, latencyMs } = this.router;
    await new Promise<void>((resolve) => clock.after(latencyMs(), resolve));
    if (this.isolated.has(name)) throw new Error('ECONNREFUSED');
    const connection = new MemoryConnection(this.router, { name, user }, () => this.connections.delete(connection));
    this.connections.add(connection);
    return connection;
  }

  /** Breaks the connections of that name without a farewell; clients may come back at once. */
  cut(name: string): void {
    for (const connection of [...this.connections]) if (connection.identity.name === name) connection.cut();
  }

  /** Breaks them and refuses new ones until {@link restore}. */
  isolate(name: string): void {
    this.isolated.add(name);
    this.cut(name);
  }

  /** Ends {@link isolate}. */
  restore(name: string): void {
    this.isolated.delete(name);
  }

  /** Stops and starts: connections break, what is durable and persistent stays. */
  restart(): void {
    for (const connection of [...this.connections]) connection.cut();
    this.router.restart();
  }

  /** Deletes a queue under its consumers. */
  deleteQueue(name: string): void {
    this.router.deleteQueue(name);
  }

  /** Messages of a queue that nobody holds, oldest first; null when there is no such queue. */
  waiting(name: string): readonly StoredMessage[] | null {
    return this.router.waiting(name);
  }
}
