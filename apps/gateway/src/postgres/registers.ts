import { Rejected } from '@kkm/core';
import type { AutomaticAcquiring } from '@kkm/contracts';
import { mustSee } from '@kkm/flow/gateway';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { scopeOf } from '../access/caller';
import type { AskedList, NamedEntry, SettingsAuthor } from '../equipment/ports';
import { findEntry, lockEntry, nextRevision, pageOfEntries, rememberChange } from './entries';
import { shownAcquiring, shownRegister } from './equipment.row';
import type { Register, RegisterRow } from './equipment.row';
import { refusing, refusingInUse } from './setting-faults';

/** A checked body of `POST /v1/registers`. */
export interface NewRegister {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly numDevice?: number | undefined;
  readonly automaticAcquiring: AutomaticAcquiring;
}

/** Members of a register to change; undefined ones stay. */
export interface RegisterChange {
  readonly name?: string | undefined;
  readonly numDevice?: number | undefined;
  readonly automaticAcquiring?: AutomaticAcquiring | undefined;
}

const insert: Statement = {
  name: 'register-insert',
  text: `insert into gateway.register (site_id, id, name, num_device, acquiring_option, acquiring_terminal_id)
    values ($1, $2, $3, coalesce($4::int, (select coalesce(max(num_device), 0) + 1 from gateway.register where site_id = $1)), $5, $6) returning *`,
};
const update: Statement = {
  name: 'register-update',
  text: 'update gateway.register set name = $3, num_device = $4, acquiring_option = $5, acquiring_terminal_id = $6, updated_at = now() where site_id = $1 and id = $2 returning *',
};
const remove: Statement = { name: 'register-delete', text: 'delete from gateway.register where site_id = $1 and id = $2' };
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Registers and their automatic acquiring. A change is in force for the next payment once its promise resolves. */
export class Registers {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** A page in order of site and id. */
  async list(asked: AskedList, by: SettingsAuthor): Promise<{ registers: Register[]; next: string | null }> {
    const { rows, next } = await pageOfEntries<RegisterRow>(this.sql, 'register', {
      scope: scopeOf(by),
      siteId: asked.siteId ?? null,
      limit: asked.limit,
      cursor: asked.cursor ?? null,
    });
    return { registers: rows.map(shownRegister), next };
  }

  /** @throws Rejected `equipment.not_found`. */
  async read(id: string, siteId: string | null, by: SettingsAuthor): Promise<Register> {
    return shownRegister(await this.find(id, siteId, by));
  }

  /** @throws Rejected `equipment.exists`, `equipment.not_found` for its site or terminal. */
  async create(body: NewRegister, by: SettingsAuthor): Promise<Register> {
    mustSee(scopeOf(by), body.siteId);
    const { siteId, id, name, numDevice, automaticAcquiring: acquiring } = body;
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          await nextRevision(sql, siteId);
          const [row] = await sql.rows<RegisterRow>(insert, [siteId, id, name, numDevice ?? null, acquiring.option, acquiring.terminalId]);
          return remembered(sql, { by, before: null, after: row });
        },
        unavailable,
      ),
    );
  }

  /** @throws Rejected `equipment.not_found`, `equipment.exists`. */
  async change({ id, siteId }: NamedEntry, body: RegisterChange, by: SettingsAuthor): Promise<Register> {
    const { site_id: site } = await this.find(id, siteId, by);
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          await nextRevision(sql, site);
          const before = await lockEntry<RegisterRow>(sql, 'register', { id, site });
          const acquiring = body.automaticAcquiring ?? shownAcquiring(before);
          const [row] = await sql.rows<RegisterRow>(update, [
            site,
            id,
            body.name ?? before.name,
            body.numDevice ?? before.num_device,
            acquiring.option,
            acquiring.terminalId,
          ]);
          return remembered(sql, { by, before, after: row });
        },
        unavailable,
      ),
    );
  }

  /** Payments that named it keep their terminal. @throws Rejected `equipment.not_found`. */
  async delete(id: string, siteId: string | null, by: SettingsAuthor): Promise<void> {
    const { site_id: site } = await this.find(id, siteId, by);
    await refusingInUse(
      transaction(
        this.dataSource,
        async (sql) => {
          await nextRevision(sql, site);
          const before = await lockEntry<RegisterRow>(sql, 'register', { id, site });
          await sql.run(remove, [site, id]);
          await rememberChange(sql, { byKey: by.keyId, kind: 'register', siteId: site, entryId: id, before: shownRegister(before), after: null });
        },
        unavailable,
      ),
    );
  }

  private find(id: string, siteId: string | null, by: SettingsAuthor): Promise<RegisterRow> {
    return findEntry<RegisterRow>(this.sql, 'register', { id, siteId, scope: scopeOf(by) });
  }
}

async function remembered(
  sql: Sql,
  change: { readonly by: SettingsAuthor; readonly before: RegisterRow | null; readonly after: RegisterRow | undefined },
): Promise<Register> {
  if (!change.after) throw new Rejected('equipment.not_found');
  const after = shownRegister(change.after);
  await rememberChange(sql, {
    byKey: change.by.keyId,
    kind: 'register',
    siteId: after.siteId,
    entryId: after.id,
    before: change.before && shownRegister(change.before),
    after,
  });
  return after;
}
