import { randomBytes } from 'node:crypto';
import { queues } from '@kkm/contracts';
import { newId } from '@kkm/core';
import type { Broker, Log, RawDelivery } from '@kkm/messaging';
import { readParked } from './read-parked';
import type { ParkedMessageStore } from '../postgres/parked-messages';

/** So many parked messages are taken in at a time. */
const intakePrefetch = 10;

/** What parked messages are taken in by. */
export interface ParkedIntakeSurroundings {
  readonly store: Pick<ParkedMessageStore, 'add'>;
  /** Broker user of KKM's own services. */
  readonly serviceUser: string;
  readonly log: Log;
}

/**
 * Takes what is parked into the database, where people see it. Acknowledged when the row is committed: whoever dies in between is brought the same message again, and its
 * row stands already. While the database is away the messages stay with the broker.
 */
export async function takeParkedIn(broker: Pick<Broker, 'consumeRaw'>, around: ParkedIntakeSurroundings): Promise<void> {
  await broker.consumeRaw(queues.parked, { prefetch: intakePrefetch }, async (delivery: RawDelivery) => {
    const message = readParked(delivery, { serviceUser: around.serviceUser, nowMs: Date.now() });
    const id = newId('prk', Date.now(), (bytes) => randomBytes(bytes));
    const isNew = await around.store.add(id, message);
    const { reason, queue, siteId, messageId, notReplayable, replayOf } = message;
    if (isNew) around.log.warn({ parkedId: id, reason, queue, siteId, messageId, notReplayable, replayOf }, 'A message is parked and waits for a person.');
    else around.log.debug({ reason, queue, messageId }, 'A parked message is known already.');
  });
}
