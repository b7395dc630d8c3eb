import { exchanges } from '@kkm/contracts';
import { check, Rejected } from '@kkm/core';
import type { ParkedMessage, ParkedState, ParkedSummary } from '@kkm/core';
import type { Broker, Log, OutgoingMessage } from '@kkm/messaging';
import { deciderOf } from '../access/caller';
import type { Caller } from '../access/caller';
import type { KeptParked, ParkedMessageStore } from '../postgres/parked-messages';
import { replayMarks } from './read-parked';

/** What parked messages are kept in, and sent again by. */
export interface ParkedSurroundings {
  readonly store: Pick<ParkedMessageStore, 'list' | 'read' | 'settle'>;
  readonly broker: Pick<Broker, 'publish'>;
  readonly log: Log;
}

/** What a list is asked for. */
interface AskedList {
  readonly siteId?: string | undefined;
  readonly state?: ParkedState | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Messages that could not be handled, as people see and settle them. */
export class ParkedMessages {
  constructor(private readonly around: ParkedSurroundings) {}

  /** A page, newest first. */
  list(asked: AskedList, by: Caller): Promise<{ parkedMessages: ParkedSummary[]; next: string | null }> {
    const { siteId = null, state = null, cursor = null, limit } = asked;
    return this.around.store.list({ within: by.siteId, siteId, state, cursor, limit });
  }

  /** @throws Rejected `parked.not_found`. */
  read(id: string, by: Caller): Promise<ParkedMessage> {
    return this.around.store.read(id, by.siteId);
  }

  /**
   * Sends a message again to where it came from, under its own id, and notes it once the broker has it. Whoever dies in between leaves it parked: sent twice, it does nothing
   * twice, because everybody who reads these queues takes the same message any number of times.
   * @throws Rejected `parked.not_found`, `parked.settled`, `parked.not_replayable`; Unavailable `broker.unavailable`.
   */
  async replay(id: string, caller: Caller): Promise<ParkedMessage> {
    const by = deciderOf(caller);
    const message = await this.around.store.settle(id, caller.siteId, async (kept) => {
      if (kept.notReplayable !== null) throw new Rejected('parked.not_replayable', { detail: `It is ${kept.notReplayable}.` });
      await this.around.broker.publish(sentAgain(kept, by.id));
      return { state: 'replayed', by };
    });
    this.told('replayed', message, caller);
    return message;
  }

  /** Notes that nothing is to be done about a message. @throws Rejected `parked.not_found`, `parked.settled`. */
  async dismiss(id: string, reason: string, caller: Caller): Promise<ParkedMessage> {
    const by = deciderOf(caller);
    const message = await this.around.store.settle(id, caller.siteId, () => Promise.resolve({ state: 'dismissed', by, reason }));
    this.told('dismissed', message, caller);
    return message;
  }

  private told(what: string, { id, messageId, queue, reason, siteId }: ParkedMessage, by: Caller): void {
    this.around.log.info({ parkedId: id, messageId, queue, reason, siteId, callerId: by.id }, `A parked message was ${what}.`);
  }
}

/** The message as it came, without its headers: they belong to its first way. */
function sentAgain(kept: KeptParked, byId: string): OutgoingMessage {
  const { id, exchange, routingKey, queue, body, messageId, type, contentType } = kept;
  check(exchange !== null && routingKey !== null && queue !== null, 'what is replayed came from somewhere');
  // Others hear events, too: only the queue that could not handle it gets it again.
  const to = exchange === exchanges.events ? { exchange: '', routingKey: queue } : { exchange, routingKey };
  return {
    ...to,
    body: JSON.parse(body) as unknown,
    messageId: messageId ?? id,
    ...(type === null ? {} : { type }),
    ...(contentType === null ? {} : { contentType }),
    headers: { [replayMarks.of]: id, [replayMarks.by]: byId },
  };
}
