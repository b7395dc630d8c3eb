import { onSession, sqlOf } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { inDoubtCount, isRelayPlaceFree, nextRound, outboxChannel, outboxLag, takeRelayPlace, tellRelay } from './feed-statements';
import type { OutboxRow } from './feed-statements';

/** How many waiting events one round takes at most. */
const roundMax = 200;

/** Forgets what the broker has confirmed and gives what waits next, oldest first; per payment in order. */
export type NextRound = (confirmed: readonly number[]) => Promise<readonly OutboxRow[]>;

/** The outbox: events recorded and not yet confirmed by the broker. */
export class PostgresOutbox {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` as the only relay there is; false at once when another has the place. Thus one payment's events are with one relay at a time.
   * The place is an advisory lock of a connection. No transaction stays open while the broker is asked: row locks draw a transaction number,
   * and an open one would hold back every reader of the feed. `heard` is called when another replica has put something into the outbox.
   */
  async whileRelay(heard: () => void, work: (next: NextRound) => Promise<void>): Promise<boolean> {
    const [place] = await sqlOf(this.dataSource).rows<{ free: boolean }>(isRelayPlaceFree);
    if (!place?.free) return false;
    return onSession(this.dataSource, 'ledger.unavailable', async (session) => {
      const [taken] = await session.rows<{ free: boolean }>(takeRelayPlace);
      if (!taken?.free) return false;
      await session.listen(outboxChannel, heard);
      await work((confirmed) => session.rows<OutboxRow>(nextRound, [confirmed, roundMax]));
      return true;
    });
  }

  /** Tells whoever relays that there is something in the outbox. */
  async tellRelay(): Promise<void> {
    await sqlOf(this.dataSource).run(tellRelay);
  }

  /** Rows waiting, the age of the oldest in seconds, and attempts in doubt. */
  async standing(): Promise<{ readonly waiting: number; readonly oldestSeconds: number; readonly inDoubt: number }> {
    const sql = sqlOf(this.dataSource);
    const [lag] = await sql.rows<{ waiting: number; oldest_seconds: number }>(outboxLag);
    const [doubt] = await sql.rows<{ attempts: number }>(inDoubtCount);
    return { waiting: lag?.waiting ?? 0, oldestSeconds: lag?.oldest_seconds ?? 0, inDoubt: doubt?.attempts ?? 0 };
  }
}
