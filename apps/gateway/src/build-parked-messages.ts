import type { Broker, Log } from '@kkm/messaging';
import type { Metrics } from '@kkm/observability';
import type { openDataSource } from '@kkm/postgres';
import { ParkedMessages } from './parked/parked-messages';
import { takeParkedIn } from './parked/take-parked-in';
import { ParkedMessageStore } from './postgres/parked-messages';

/** What parked messages stand on. */
export interface ParkedGround {
  readonly broker: Broker;
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Broker user of KKM's own services. */
  readonly serviceUser: string;
}

/** Begins to take parked messages in, and builds what shows and settles them. The queue must be declared. */
export async function buildParkedMessages({ broker, dataSource, log, metrics, serviceUser }: ParkedGround): Promise<ParkedMessages> {
  const store = new ParkedMessageStore(dataSource);
  metrics.gauge({
    name: 'kkm_parked_open',
    help: 'Parked messages that nobody replayed or dismissed; every replica tells the same.',
    // Without its database the gateway tells everything else still.
    collect: async (self) => {
      const open = await store.countOpen().catch(() => null);
      if (open !== null) self.set(open);
    },
  });
  await takeParkedIn(broker, { store, serviceUser, log });
  return new ParkedMessages({ store, broker, log });
}
