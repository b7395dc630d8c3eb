import { check, Rejected } from '@kkm/core';
import type { ShownSession } from '@kkm/contracts';
import { sqlOf, transaction } from '@kkm/postgres';
import type { openDataSource, Sql } from '@kkm/postgres';
import { beginSession, endSession, endSessionsOf, useSession } from '../postgres/session.row';
import { storePasswordHash, userOfName } from '../postgres/user.row';
import type { UserOfName } from '../postgres/user.row';
import { countedAddress } from './addresses';
import { hashOfPassword, isPassword, nameKeyOf } from './passwords';
import { hashOfSecret, newSessionSecret } from './secret';
import { SignInTries } from './sign-in-tries';
import type { Turns } from './turns';

/** A session and the secret that opens it, which only the browser keeps. */
export interface BegunSession {
  readonly session: ShownSession;
  readonly secret: string;
}

/** Who types a password, and where. */
export interface TypedPassword {
  readonly name: string;
  readonly password: string;
  readonly ip: string;
}

/** What sessions are built over. */
export interface SessionGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  /** Told when sessions were ended, so that they end at once in this process. */
  readonly ended: () => void;
  /** Passwords are heavy to check; shared with whoever else hashes them. */
  readonly turns: Turns;
}

const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Signs users in and out. */
export class Sessions {
  private readonly sql: Sql;
  private readonly tries: SignInTries;

  constructor(private readonly ground: SessionGround) {
    this.sql = sqlOf(ground.dataSource, 'settings.unavailable');
    this.tries = new SignInTries(ground.dataSource);
  }

  /** @throws Rejected `auth.refused`, `auth.locked`, `auth.busy`; the same, and after the same time, whether the name exists or not. */
  signIn(typed: TypedPassword): Promise<BegunSession> {
    return this.ground.turns.take(async () => {
      const address = countedAddress(typed.ip);
      const user = await this.prove(typed, address);
      const begun = user && (await this.begin(this.sql, user, address));
      if (!begun) throw new Rejected('auth.refused');
      return begun;
    });
  }

  /** The session that a secret opens; it counts as used. @throws Rejected `auth.session_ended`. */
  async read(secret: string | null): Promise<ShownSession> {
    const session = secret === null ? null : await useSession(this.sql, hashOfSecret(secret));
    if (!session) throw new Rejected('auth.session_ended');
    return session;
  }

  /** Ends a session: at once here, within a second on other replicas. */
  async signOut(secret: string): Promise<void> {
    await endSession(this.sql, hashOfSecret(secret));
    this.ground.ended();
  }

  /** Gives the signed-in user a new password, ends all his sessions and begins a new one. @throws Rejected `auth.password_wrong`, `auth.locked`, `auth.busy`. */
  changePassword(typed: TypedPassword, password: string): Promise<BegunSession> {
    return this.ground.turns.take(async () => {
      const address = countedAddress(typed.ip);
      const user = await this.prove(typed, address);
      if (!user) throw new Rejected('auth.password_wrong');
      const passwordHash = await hashOfPassword(password, user.name);
      const begun = await transaction(
        this.ground.dataSource,
        async (sql) => {
          await storePasswordHash(sql, user.id, passwordHash);
          await endSessionsOf(sql, user.id);
          return this.begin(sql, { ...user, passwordHash }, address);
        },
        unavailable,
      );
      this.ground.ended();
      check(begun, 'the user was signed in');
      return begun;
    });
  }

  /** The user whose password was typed; null for a wrong one, and for a user who may not sign in. */
  private async prove({ name, password }: TypedPassword, address: string): Promise<UserOfName | null> {
    const nameKey = nameKeyOf(name);
    const user = await userOfName(this.sql, nameKey, address);
    const trying = { nameKey, address, atHome: user?.atHome ?? false };
    await this.tries.take(trying);
    if (!(await isPassword(password, user?.passwordHash ?? null)) || !user?.enabled) return null;
    await this.tries.right(trying);
    return user;
  }

  private async begin(sql: Sql, user: UserOfName, address: string): Promise<BegunSession | null> {
    const secret = newSessionSecret();
    const begun = { userId: user.id, passwordHash: user.passwordHash, hash: hashOfSecret(secret), address };
    const session = await beginSession(sql, begun);
    return session && { session, secret };
  }
}
