import { Rejected, sitesOverlap } from '@kkm/core';
import type { LateApproval } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { scopeOf } from '../access/caller';
import type { AskedList, SettingsAuthor, SettingsReader } from '../equipment/ports';
import { findEntry, lockEntry, pageOfEntries } from './entries';
import { shownSite } from './equipment.row';
import type { Site, SiteRow } from './equipment.row';
import { rememberChange } from './remember-change';
import { refusing, refusingInUse } from './setting-faults';

const insert: Statement = { name: 'site-insert', text: 'insert into gateway.site (id, name, late_approval) values ($1, $2, $3) returning *' };
const update: Statement = {
  name: 'site-update',
  text: 'update gateway.site set name = $2, late_approval = $3, revision = revision + 1, updated_at = now() where id = $1 returning *',
};
const remove: Statement = { name: 'site-delete', text: 'delete from gateway.site where id = $1' };
/** Sites are made one after the other: of two that may not both be there, the second sees the first. */
const oneAfterAnother: Statement = { name: 'site-insert-lock', text: `select pg_advisory_xact_lock(hashtext('gateway.site'))` };
/** $1 id. Sites whose ids are the beginning of this one, or begin with it. */
const neighbours: Statement = { name: 'site-neighbours', text: 'select id from gateway.site where starts_with($1, id) or starts_with(id, $1) order by id' };
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Sites: created and deleted by operators only. */
export class Sites {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** A page in order of id. */
  async list(asked: AskedList, by: SettingsReader): Promise<{ sites: Site[]; next: string | null }> {
    const { rows, next } = await pageOfEntries<SiteRow>(this.sql, 'site', {
      scope: scopeOf(by),
      siteId: null,
      limit: asked.limit,
      cursor: asked.cursor ?? null,
    });
    return { sites: rows.map(shownSite), next };
  }

  /** @throws Rejected `equipment.not_found`. */
  async read(id: string, by: SettingsReader): Promise<Site> {
    return shownSite(await findEntry<SiteRow>(this.sql, 'site', { id, siteId: null, scope: scopeOf(by) }));
  }

  /** @throws Rejected `equipment.exists`, also when another site's id could be mistaken for the beginning of this one's in the names of queues. */
  async create(body: { readonly id: string; readonly name: string; readonly lateApproval: LateApproval }, by: SettingsAuthor): Promise<Site> {
    operatorsOnly(by);
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          await sql.run(oneAfterAnother);
          const overlapping = (await sql.rows<{ readonly id: string }>(neighbours, [body.id])).find(({ id }) => sitesOverlap(id, body.id));
          if (overlapping) throw new Rejected('equipment.exists', { detail: `It cannot be told from site ${overlapping.id} in the names of queues.` });
          const [row] = await sql.rows<SiteRow>(insert, [body.id, body.name, body.lateApproval]);
          return remembered(sql, { by, id: body.id, before: null, after: row ?? null });
        },
        unavailable,
      ),
    );
  }

  /** @throws Rejected `equipment.not_found`. */
  async change(id: string, body: { readonly name?: string | undefined; readonly lateApproval?: LateApproval | undefined }, by: SettingsAuthor): Promise<Site> {
    await this.read(id, by);
    return transaction(
      this.dataSource,
      async (sql) => {
        const before = await lockEntry<SiteRow>(sql, 'site', { id, site: id });
        const [after] = await sql.rows<SiteRow>(update, [id, body.name ?? before.name, body.lateApproval ?? before.late_approval]);
        return remembered(sql, { by, id, before, after: after ?? null });
      },
      unavailable,
    );
  }

  /** @throws Rejected `equipment.in_use` while it has registers, terminals or profiles. */
  async delete(id: string, by: SettingsAuthor): Promise<void> {
    operatorsOnly(by);
    await this.read(id, by);
    await refusingInUse(
      transaction(
        this.dataSource,
        async (sql) => {
          const before = await lockEntry<SiteRow>(sql, 'site', { id, site: id });
          await sql.run(remove, [id]);
          await rememberChange(sql, { by, kind: 'site', siteId: id, entryId: id, before: shownSite(before), after: null });
        },
        unavailable,
      ),
    );
  }
}

async function remembered(
  sql: Sql,
  change: { readonly by: SettingsAuthor; readonly id: string; readonly before: SiteRow | null; readonly after: SiteRow | null },
): Promise<Site> {
  if (!change.after) throw new Rejected('equipment.not_found');
  const after = shownSite(change.after);
  await rememberChange(sql, {
    by: change.by,
    kind: 'site',
    siteId: change.id,
    entryId: change.id,
    before: change.before && shownSite(change.before),
    after,
  });
  return after;
}

function operatorsOnly(by: SettingsAuthor): void {
  if (by.siteId !== null) throw new Rejected('auth.forbidden', { detail: 'Only an operator’s key creates and deletes sites.' });
}
