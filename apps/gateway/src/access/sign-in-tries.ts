import { Rejected } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { openDataSource } from '@kkm/postgres';
import { clearTries, giveTryBack, takeTry } from '../postgres/sign-in-try.row';

/** Who tries a password. */
export interface Trying {
  readonly nameKey: string;
  readonly address: string;
  /** Whether this user signed in from this address within a month. */
  readonly atHome: boolean;
}

/** Wrong passwords of a name, and of an address, that cost no wait: people mistype, and a café shares one address. */
const free = { name: { free: 3 }, address: { free: 10 } } as const;

/**
 * Counts wrong passwords by name and by address, in the database: over all replicas, and over restarts. Where a user has signed in lately he is counted apart from the rest of
 * the world, so that strangers who try his name cannot keep him out.
 */
export class SignInTries {
  constructor(private readonly dataSource: Awaited<ReturnType<typeof openDataSource>>) {}

  /** Counts a try as wrong before it is looked at. @throws Rejected `auth.locked` while name or address has to wait; nothing is counted then. */
  async take(who: Trying): Promise<void> {
    // The name first, always: two tries lock their two rows in one order.
    const work = async (sql: ReturnType<typeof sqlOf>): Promise<void> => {
      for (const [subject, limits] of [[nameSubject(who), free.name] as const, [addressSubject(who), free.address] as const]) {
        const seconds = await takeTry(sql, subject, limits);
        if (seconds > 0) throw new Rejected('auth.locked', { members: { retryAfterSeconds: seconds } });
      }
    };
    await transaction(this.dataSource, work, { unavailableCode: 'settings.unavailable' });
  }

  /** The password was right: the name starts afresh. The address gets back this try alone, or whoever has one password could try the others without end. */
  async right(who: Trying): Promise<void> {
    const sql = sqlOf(this.dataSource, 'settings.unavailable');
    await clearTries(sql, nameSubject(who));
    await giveTryBack(sql, addressSubject(who));
  }
}

function nameSubject({ nameKey, address, atHome }: Trying): string {
  return atHome ? `name ${nameKey} at ${address}` : `name ${nameKey}`;
}

function addressSubject({ address }: Trying): string {
  return `address ${address}`;
}
