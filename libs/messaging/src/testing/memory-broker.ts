import type { Broker } from '../broker';
import { drainMs, LinkedBroker } from '../connect-broker';
import { surroundings } from '../surroundings';
import type { Surroundings } from '../surroundings';
import type { MemoryServer } from './memory-server';

/** Who connects to the in-memory broker. */
export interface MemoryConnectOptions extends Partial<Surroundings> {
  readonly name: string;
  /** Default `guest`. */
  readonly user?: string;
  /** How long `close()` waits for running handlers. */
  readonly drainMs?: number;
}

/** A {@link Broker} on an in-memory server: the real client code on another wire. Time comes from the server's clock unless one is given. */
export async function connectMemoryBroker(server: MemoryServer, options: MemoryConnectOptions): Promise<Broker> {
  const { name, user = 'guest', drainMs: within = drainMs, ...given } = options;
  const broker = new LinkedBroker(() => server.connect(name, user), { user, app: name, drainMs: within }, surroundings({ clock: server.clock, ...given }));
  await broker.open();
  return broker;
}
