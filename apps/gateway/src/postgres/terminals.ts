import { Rejected } from '@kkm/core';
import type { BankIdentity, LinkDraft, TerminalTransport } from '@kkm/core';
import { mustSee } from '@kkm/flow/gateway';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { scopeOf } from '../access/caller';
import type { AskedList, EquipmentSurroundings, NamedEntry, SettingsAuthor, SettingsReader } from '../equipment/ports';
import { mustBeFree } from '../equipment/must-be-free';
import { findEntry, lockEntry, nextNumber, nextRevision, pageOfEntries } from './entries';
import { shownTerminal } from './equipment.row';
import type { ProfileValues, Terminal, TerminalProfileRow, TerminalRow } from './equipment.row';
import { rememberChange } from './remember-change';
import { refusing, refusingInUse } from './setting-faults';

/** The members of a terminal that can be changed. */
export interface TerminalMembers {
  readonly name: string;
  readonly driver: string;
  readonly transport: TerminalTransport;
  readonly profileId: string | null;
  readonly profile: ProfileValues;
  readonly readAttemptsMax: number;
  readonly enabled: boolean;
  readonly bank: BankIdentity;
}

/** The members that a connection depends on. */
export type DraftSettings = Pick<TerminalMembers, 'driver' | 'transport' | 'profileId' | 'profile'>;

/** A checked body of `POST /v1/terminals`. */
export interface NewTerminal extends TerminalMembers {
  readonly id: string;
  readonly siteId: string;
  readonly numDevice?: number | undefined;
}

/** Members of a terminal to change; undefined ones stay. */
export type TerminalChange = { readonly [Member in keyof TerminalMembers]?: TerminalMembers[Member] | undefined } & { readonly numDevice?: number | undefined };

const insert: Statement = {
  name: 'terminal-insert',
  text: `insert into gateway.terminal (site_id, id, name, driver, transport, profile_id, profile, read_attempts_max, enabled, bank, revision, num_device)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12::int, ${nextNumber})) returning *`,
};
const update: Statement = {
  name: 'terminal-update',
  text: `update gateway.terminal set name = $3, driver = $4, transport = $5, profile_id = $6, profile = $7, read_attempts_max = $8, enabled = $9, bank = $10, revision = $11, num_device = $12, updated_at = now()
    where site_id = $1 and id = $2 returning *`,
};
const remove: Statement = { name: 'terminal-delete', text: 'delete from gateway.terminal where site_id = $1 and id = $2' };
const profileById: Statement = {
  name: 'profile-of-terminal',
  text: `select * from gateway.terminal_profile where id = $1 and (site_id is null or site_id = $2)`,
};
const atAddress: Statement = {
  name: 'terminal-at-address',
  text: `select id from gateway.terminal where site_id = $1 and ($2::text is null or id <> $2)
    and (transport ->> 'path' = $3 or (lower(transport ->> 'host') = lower($4) and (transport -> 'port')::int = $5)) order by id limit 1`,
};
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Terminals: their settings reach running workers by a hint, and a terminal with unfinished work keeps its connection (design-money, clause 6). */
export class Terminals {
  private readonly sql: Sql;

  constructor(
    private readonly dataSource: DataSource,
    private readonly around: EquipmentSurroundings,
  ) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** A page in order of site and id. */
  async list(asked: AskedList, by: SettingsReader): Promise<{ terminals: Terminal[]; next: string | null }> {
    const { rows, next } = await pageOfEntries<TerminalRow>(this.sql, 'terminal', {
      scope: scopeOf(by),
      siteId: asked.siteId ?? null,
      limit: asked.limit,
      cursor: asked.cursor ?? null,
    });
    return { terminals: rows.map(shownTerminal), next };
  }

  /** @throws Rejected `equipment.not_found`. */
  async read(id: string, siteId: string | null, by: SettingsReader): Promise<Terminal> {
    return shownTerminal(await this.find(id, siteId, by));
  }

  /** Its queues are declared before it can be seen, so that no command meets a missing queue. @throws Rejected `equipment.exists`, `equipment.not_found`, `request.invalid`. */
  async create(body: NewTerminal, by: SettingsAuthor): Promise<Terminal> {
    mustSee(scopeOf(by), body.siteId);
    const { siteId, id } = body;
    await this.around.declareQueues({ siteId, terminalId: id });
    const terminal = await refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          const revision = await nextRevision(sql, siteId);
          await this.checkSettings(sql, body, siteId);
          const [row] = await sql.rows<TerminalRow>(insert, [siteId, id, ...valuesOf(body), revision, body.numDevice ?? null]);
          return remembered(sql, { by, before: null, after: row });
        },
        unavailable,
      ),
    );
    this.around.settingsChanged({ siteId, terminalId: id }, terminal.revision);
    return terminal;
  }

  /** @throws Rejected `equipment.terminal_busy` when its driver, address or profile would change under unfinished work. */
  async change({ id, siteId }: NamedEntry, body: TerminalChange, by: SettingsAuthor): Promise<Terminal> {
    const found = await this.find(id, siteId, by);
    const site = found.site_id;
    if (movesConnection(body)) await mustBeFree(this.around, { siteId: site, terminalId: id });
    const terminal = await refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          const revision = await nextRevision(sql, site);
          const before = await lockEntry<TerminalRow>(sql, 'terminal', { id, site });
          const after = changed(before, body);
          await this.checkSettings(sql, after, site);
          const [row] = await sql.rows<TerminalRow>(update, [site, id, ...valuesOf(after), revision, body.numDevice ?? before.num_device]);
          return remembered(sql, { by, before, after: row });
        },
        unavailable,
      ),
    );
    this.around.settingsChanged({ siteId: site, terminalId: id }, terminal.revision);
    return terminal;
  }

  /** @throws Rejected `equipment.in_use` while a register names it, `equipment.terminal_busy` while it has unfinished work. */
  async delete(id: string, siteId: string | null, by: SettingsAuthor): Promise<void> {
    const { site_id: site } = await this.find(id, siteId, by);
    await mustBeFree(this.around, { siteId: site, terminalId: id });
    const revision = await refusingInUse(
      transaction(
        this.dataSource,
        async (sql) => {
          const next = await nextRevision(sql, site);
          const before = await lockEntry<TerminalRow>(sql, 'terminal', { id, site });
          await sql.run(remove, [site, id]);
          await rememberChange(sql, { by, kind: 'terminal', siteId: site, entryId: id, before: shownTerminal(before), after: null });
          return next;
        },
        unavailable,
      ),
    );
    this.around.settingsChanged({ siteId: site, terminalId: id }, revision);
    this.around.forgetQueues({ siteId: site, terminalId: id });
  }

  /**
   * Settings that are not saved, as a link test needs them. Checked as {@link create} checks them.
   * @throws Rejected `equipment.address_taken` when another terminal of the site is saved with the address: a test would cut its connection.
   */
  async draft(siteId: string, settings: DraftSettings, savedAs: string | null): Promise<LinkDraft> {
    const { driver, transport } = settings;
    const profile = await this.checkSettings(this.sql, settings, siteId);
    const address = transport.kind === 'tcp' ? [null, transport.host, transport.port] : [transport.path, null, null];
    const [other] = await this.sql.rows<{ readonly id: string }>(atAddress, [siteId, savedAs, ...address]);
    if (other) throw new Rejected('equipment.address_taken', { detail: `Terminal ${other.id} has it.` });
    return { driver, transport, profile };
  }

  private find(id: string, siteId: string | null, by: SettingsReader): Promise<TerminalRow> {
    return findEntry<TerminalRow>(this.sql, 'terminal', { id, siteId, scope: scopeOf(by) });
  }

  private async checkSettings(sql: Sql, settings: DraftSettings, siteId: string): Promise<ProfileValues> {
    let shared: ProfileValues = {};
    if (settings.profileId !== null) {
      const [profile] = await sql.rows<TerminalProfileRow>(profileById, [settings.profileId, siteId]);
      if (!profile) throw new Rejected('equipment.not_found', { detail: `There is no terminal profile ${settings.profileId}.` });
      if (profile.driver !== settings.driver)
        throw new Rejected('request.invalid', { members: { errors: [{ pointer: '#/profileId', detail: `is a profile of driver ${profile.driver}` }] } });
      shared = profile.settings;
    }
    const profile = { ...shared, ...settings.profile };
    this.around.checkProfile(settings.driver, profile, 'profile');
    return profile;
  }
}

/** Whether unfinished work on the terminal could no longer be recovered, or would be read by other rules, after the change. */
function movesConnection({ driver, transport, profile, profileId, enabled }: TerminalChange): boolean {
  return [driver, transport, profile, profileId].some((member) => member !== undefined) || enabled === false;
}

function changed(before: TerminalRow, body: TerminalChange): TerminalMembers {
  return {
    name: body.name ?? before.name,
    driver: body.driver ?? before.driver,
    transport: body.transport ?? before.transport,
    profileId: body.profileId === undefined ? before.profile_id : body.profileId,
    profile: body.profile ?? before.profile,
    readAttemptsMax: body.readAttemptsMax ?? before.read_attempts_max,
    enabled: body.enabled ?? before.enabled,
    bank: body.bank ?? before.bank,
  };
}

function valuesOf(members: TerminalMembers): readonly unknown[] {
  const { name, driver, transport, profileId, profile, readAttemptsMax, enabled, bank } = members;
  return [name, driver, JSON.stringify(transport), profileId, JSON.stringify(profile), readAttemptsMax, enabled, JSON.stringify(bank)];
}

async function remembered(
  sql: Sql,
  change: { readonly by: SettingsAuthor; readonly before: TerminalRow | null; readonly after: TerminalRow | undefined },
): Promise<Terminal> {
  if (!change.after) throw new Rejected('equipment.not_found');
  const after = shownTerminal(change.after);
  await rememberChange(sql, {
    by: change.by,
    kind: 'terminal',
    siteId: after.siteId,
    entryId: after.id,
    before: change.before && shownTerminal(change.before),
    after,
  });
  return after;
}
