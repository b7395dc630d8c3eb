import { randomBytes } from 'node:crypto';
import { newId, Rejected } from '@kkm/core';
import type { ChangeUserBody, CreateUserBody, User } from '@kkm/contracts';
import { sqlOf, transaction } from '@kkm/postgres';
import type { openDataSource, Sql } from '@kkm/postgres';
import { endSessionsOf } from '../postgres/session.row';
import {
  isAnyUser,
  lockAdmins,
  lockUser,
  pageOfUsers,
  readUser,
  removeUser,
  storeFirstUser,
  storePasswordHash,
  storeUser,
  updateUser,
} from '../postgres/user.row';
import type { Caller } from './caller';
import { hashOfPassword, nameKeyOf } from './passwords';
import type { Turns } from './turns';

/** What users are built over. */
export interface UserGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  /** Told when sessions were ended. */
  readonly ended: () => void;
  readonly turns: Turns;
}

/** Makes, changes and deletes the people who may sign in. Whoever belongs to a site sees and makes users of that site alone. */
export class Users {
  private readonly sql: Sql;

  constructor(private readonly ground: UserGround) {
    this.sql = sqlOf(ground.dataSource, 'settings.unavailable');
  }

  /** Stores the first admin, of all sites, unless there is any user. */
  async bootstrap(name: string, password: string): Promise<boolean> {
    if (await isAnyUser(this.sql)) return false;
    return storeFirstUser(this.sql, await this.identity({ name, role: 'admin', siteId: null, enabled: true, password }));
  }

  /** @throws Rejected `user.exists`, `equipment.not_found`, `auth.forbidden`, `auth.busy`. */
  async create(asked: CreateUserBody, by: Caller): Promise<User> {
    mustBeOfSite(asked.siteId, by);
    return storeUser(this.sql, await this.identity(asked));
  }

  /** @throws Rejected `user.not_found`. */
  read(id: string, by: Caller): Promise<User> {
    return readUser(this.sql, id, by.siteId);
  }

  /** A page of users. @throws Rejected `auth.forbidden` for another site than the caller's. */
  list(
    asked: { readonly siteId: string | null; readonly cursor: string | null; readonly limit: number },
    by: Caller,
  ): Promise<{ users: User[]; next: string | null }> {
    if (asked.siteId !== null) mustBeOfSite(asked.siteId, by);
    return pageOfUsers(this.sql, { ...asked, siteId: asked.siteId ?? by.siteId });
  }

  /** Changes the named members; what he may do is judged anew by his next sign-in. @throws Rejected `user.not_found`, `user.exists`, `user.last_admin`. */
  async change(id: string, { name, role, siteId, enabled }: ChangeUserBody, by: Caller): Promise<User> {
    if (siteId !== undefined) mustBeOfSite(siteId, by);
    const changed = await this.whole(async (sql) => {
      const admins = await lockAdmins(sql);
      const before = await lockUser(sql, id, by.siteId);
      const after = { ...before, ...given({ name, role, siteId, enabled }) };
      if (!isAdmin(after)) mustLeaveAdmin(admins, id);
      if (after.role !== before.role || after.siteId !== before.siteId || !after.enabled) await endSessionsOf(sql, id);
      return updateUser(sql, { ...after, nameKey: nameKeyOf(after.name) });
    });
    this.ground.ended();
    return changed;
  }

  /** Deletes for good. @throws Rejected `user.not_found`, `user.last_admin`. */
  async delete(id: string, by: Caller): Promise<void> {
    await this.whole(async (sql) => {
      const admins = await lockAdmins(sql);
      await lockUser(sql, id, by.siteId);
      mustLeaveAdmin(admins, id);
      await removeUser(sql, id);
    });
    this.ground.ended();
  }

  /** Gives a user a new password and ends his sessions. @throws Rejected `user.not_found`, `auth.busy`. */
  async setPassword(id: string, password: string, by: Caller): Promise<void> {
    const { name } = await this.read(id, by);
    const hash = await this.ground.turns.take(() => hashOfPassword(password, name));
    await this.whole(async (sql) => {
      await lockUser(sql, id, by.siteId);
      await storePasswordHash(sql, id, hash);
      await endSessionsOf(sql, id);
    });
    this.ground.ended();
  }

  private whole<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return transaction(this.ground.dataSource, work, { unavailableCode: 'settings.unavailable' });
  }

  private async identity({ password, ...asked }: CreateUserBody) {
    const id = newId('usr', Date.now(), (bytes) => randomBytes(bytes));
    const passwordHash = await this.ground.turns.take(() => hashOfPassword(password, asked.name));
    return { id, nameKey: nameKeyOf(asked.name), passwordHash, ...asked };
  }
}

function mustBeOfSite(siteId: string | null, by: Caller): void {
  if (by.siteId !== null && siteId !== by.siteId) throw new Rejected('auth.forbidden', { detail: `Only users of site ${by.siteId} are yours.` });
}

function isAdmin({ role, siteId, enabled }: Pick<User, 'role' | 'siteId' | 'enabled'>): boolean {
  return role === 'admin' && siteId === null && enabled;
}

/** Somebody has to be left who may do everything everywhere, or nobody could ever be made one again. */
function mustLeaveAdmin(admins: readonly string[], id: string): void {
  if (admins.length === 1 && admins[0] === id) throw new Rejected('user.last_admin');
}

/** The members that were sent. */
function given(body: ChangeUserBody): Partial<Pick<User, 'name' | 'role' | 'siteId' | 'enabled'>> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
