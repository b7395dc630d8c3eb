import { isDeepStrictEqual } from 'node:util';
import { Rejected } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { scopeOf } from '../access/caller';
import type { AskedList, EquipmentSurroundings, NamedEntry, SettingsAuthor, SettingsReader, TerminalName } from '../equipment/ports';
import { mustBeFree } from '../equipment/must-be-free';
import { findEntry, lockEntry, nextRevision, pageOfEntries } from './entries';
import { shownTerminalProfile } from './equipment.row';
import type { ProfileValues, TerminalProfile, TerminalProfileRow } from './equipment.row';
import { rememberChange } from './remember-change';
import { refusing, refusingInUse } from './setting-faults';

/** A checked body of `POST /v1/terminal-profiles`. */
export interface NewTerminalProfile {
  readonly id: string;
  readonly siteId: string | null;
  readonly name: string;
  readonly driver: string;
  readonly values: ProfileValues;
}

/** Members of a profile to change; undefined ones stay. */
export interface TerminalProfileChange {
  readonly name?: string | undefined;
  readonly values?: ProfileValues | undefined;
}

interface ProfileUser extends TerminalName {
  readonly profile: ProfileValues;
}

const insert: Statement = {
  name: 'profile-insert',
  text: 'insert into gateway.terminal_profile (id, site_id, name, driver, settings) values ($1, $2, $3, $4, $5) returning *',
};
const update: Statement = {
  name: 'profile-update',
  text: 'update gateway.terminal_profile set name = $2, settings = $3, updated_at = now() where id = $1 returning *',
};
const remove: Statement = { name: 'profile-delete', text: 'delete from gateway.terminal_profile where id = $1' };
const users: Statement = {
  name: 'profile-users',
  text: 'select site_id as "siteId", id as "terminalId", profile from gateway.terminal where profile_id = $1 order by site_id, id',
};
const touch: Statement = { name: 'profile-touch', text: 'update gateway.terminal set revision = $3 where site_id = $1 and profile_id = $2' };
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Profiles that terminals share. One without a site is every site's to use and an operator's to change. */
export class TerminalProfiles {
  private readonly sql: Sql;

  constructor(
    private readonly dataSource: DataSource,
    private readonly around: Pick<EquipmentSurroundings, 'checkProfile' | 'settingsChanged' | 'standing'>,
  ) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** A page in order of site and id. */
  async list(asked: AskedList, by: SettingsReader): Promise<{ terminalProfiles: TerminalProfile[]; next: string | null }> {
    const page = { scope: scopeOf(by), siteId: asked.siteId ?? null, limit: asked.limit, cursor: asked.cursor ?? null };
    const { rows, next } = await pageOfEntries<TerminalProfileRow>(this.sql, 'terminal_profile', page);
    return { terminalProfiles: rows.map(shownTerminalProfile), next };
  }

  /** @throws Rejected `equipment.not_found`. */
  async read(id: string, siteId: string | null, by: SettingsReader): Promise<TerminalProfile> {
    return shownTerminalProfile(await findEntry<TerminalProfileRow>(this.sql, 'terminal_profile', { id, siteId, scope: scopeOf(by) }));
  }

  /** @throws Rejected `equipment.exists`, `request.invalid` when the driver refuses the values. */
  async create(body: NewTerminalProfile, by: SettingsAuthor): Promise<TerminalProfile> {
    mayChange(body.siteId, by);
    this.around.checkProfile(body.driver, body.values, 'values');
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          const [row] = await sql.rows<TerminalProfileRow>(insert, [body.id, body.siteId, body.name, body.driver, JSON.stringify(body.values)]);
          return remembered(sql, { by, before: null, after: row });
        },
        unavailable,
      ),
    );
  }

  /**
   * Reaches the workers of every terminal that uses it.
   * @throws Rejected `request.invalid` when a driver refuses what comes out, `equipment.terminal_busy` when values would change under unfinished work of one of them.
   */
  async change({ id, siteId }: NamedEntry, body: TerminalProfileChange, by: SettingsAuthor): Promise<TerminalProfile> {
    const found = await this.read(id, siteId, by);
    mayChange(found.siteId, by);
    if (body.values !== undefined && !isDeepStrictEqual(body.values, found.values)) await this.usersMustBeFree(id);
    const touched: { terminal: TerminalName; revision: number }[] = [];
    const profile = await transaction(
      this.dataSource,
      async (sql) => {
        touched.length = 0;
        const before = await lockEntry<TerminalProfileRow>(sql, 'terminal_profile', { id, site: found.siteId ?? '' });
        const values = body.values ?? before.settings;
        this.around.checkProfile(before.driver, values, 'values');
        const [row] = await sql.rows<TerminalProfileRow>(update, [id, body.name ?? before.name, JSON.stringify(values)]);
        touched.push(...(await this.touchUsers(sql, { id, driver: before.driver, values })));
        return remembered(sql, { by, before, after: row });
      },
      unavailable,
    );
    for (const { terminal, revision } of touched) this.around.settingsChanged(terminal, revision);
    return profile;
  }

  /** @throws Rejected `equipment.in_use` while a terminal uses it. */
  async delete(id: string, siteId: string | null, by: SettingsAuthor): Promise<void> {
    const found = await this.read(id, siteId, by);
    mayChange(found.siteId, by);
    await refusingInUse(
      transaction(
        this.dataSource,
        async (sql) => {
          const before = await lockEntry<TerminalProfileRow>(sql, 'terminal_profile', { id, site: found.siteId ?? '' });
          await sql.run(remove, [id]);
          await rememberChange(sql, {
            by,
            kind: 'terminal_profile',
            siteId: found.siteId,
            entryId: id,
            before: shownTerminalProfile(before),
            after: null,
          });
        },
        unavailable,
      ),
    );
  }

  /** One in doubt would be recovered by codes and fields that it was not begun by. */
  private async usersMustBeFree(id: string): Promise<void> {
    for (const { siteId, terminalId } of await this.sql.rows<ProfileUser>(users, [id])) await mustBeFree(this.around, { siteId, terminalId });
  }

  /** Gives each site that uses the profile one new revision, in order of site so that two changes never wait for each other. */
  private async touchUsers(
    sql: Sql,
    profile: { readonly id: string; readonly driver: string; readonly values: ProfileValues },
  ): Promise<{ terminal: TerminalName; revision: number }[]> {
    const using = await sql.rows<ProfileUser>(users, [profile.id]);
    const revisions = new Map<string, number>();
    for (const { siteId, profile: own } of using) {
      this.around.checkProfile(profile.driver, { ...profile.values, ...own }, 'values');
      if (revisions.has(siteId)) continue;
      const revision = await nextRevision(sql, siteId);
      await sql.run(touch, [siteId, profile.id, revision]);
      revisions.set(siteId, revision);
    }
    return using.map(({ siteId, terminalId }) => ({ terminal: { siteId, terminalId }, revision: revisions.get(siteId) ?? 0 }));
  }
}

async function remembered(
  sql: Sql,
  change: { readonly by: SettingsAuthor; readonly before: TerminalProfileRow | null; readonly after: TerminalProfileRow | undefined },
): Promise<TerminalProfile> {
  if (!change.after) throw new Rejected('equipment.not_found');
  const after = shownTerminalProfile(change.after);
  await rememberChange(sql, {
    by: change.by,
    kind: 'terminal_profile',
    siteId: after.siteId,
    entryId: after.id,
    before: change.before && shownTerminalProfile(change.before),
    after,
  });
  return after;
}

function mayChange(siteId: string | null, by: SettingsAuthor): void {
  if (by.siteId !== null && siteId !== by.siteId) throw new Rejected('auth.forbidden', { detail: 'Only an operator’s key changes what all sites share.' });
}
