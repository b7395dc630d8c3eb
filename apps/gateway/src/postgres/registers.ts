import { Rejected } from '@kkm/core';
import type { AutomaticAcquiring, SetFiscal } from '@kkm/contracts';
import { mustSee } from '@kkm/flow/gateway';
import type { ReceiptFailurePolicy } from '@kkm/flow/kkmserver';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { scopeOf } from '../access/caller';
import type { AskedList, NamedEntry, SettingsAuthor, SettingsReader } from '../equipment/ports';
import { passwordOf } from '../fiscal/fiscal-passwords';
import type { FiscalPasswords } from '../fiscal/fiscal-passwords';
import { findEntry, lockEntry, nextNumber, nextRevision, pageOfEntries } from './entries';
import { shownAcquiring, shownRegister } from './equipment.row';
import type { KeptFiscal, Register, RegisterRow } from './equipment.row';
import { rememberChange } from './remember-change';
import { refusing, refusingInUse } from './setting-faults';

/** Members of a register to change; undefined ones stay. */
export interface RegisterChange {
  readonly name?: string | undefined;
  readonly numDevice?: number | undefined;
  readonly automaticAcquiring?: AutomaticAcquiring | undefined;
  readonly fiscal?: SetFiscal | undefined;
  readonly unitName?: string | null | undefined;
  readonly enabled?: boolean | undefined;
  readonly onReceiptFailure?: ReceiptFailurePolicy | undefined;
  readonly settleOnCloseShift?: boolean | undefined;
}

/** A checked body of `POST /v1/registers`. */
export interface NewRegister extends RegisterChange {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly automaticAcquiring: AutomaticAcquiring;
}

const insert: Statement = {
  name: 'register-insert',
  text: `insert into gateway.register (site_id, id, name, num_device, acquiring_option, acquiring_terminal_id, unit_name, enabled, on_receipt_failure, settle_on_close_shift, fiscal)
    values ($1, $2, $3, coalesce($4::int, ${nextNumber}), $5, $6, $7, $8, $9, $10, $11) returning *`,
};
const update: Statement = {
  name: 'register-update',
  text: `update gateway.register set name = $3, num_device = $4, acquiring_option = $5, acquiring_terminal_id = $6, unit_name = $7, enabled = $8, on_receipt_failure = $9,
    settle_on_close_shift = $10, fiscal = $11, updated_at = now() where site_id = $1 and id = $2 returning *`,
};
const remove: Statement = { name: 'register-delete', text: 'delete from gateway.register where site_id = $1 and id = $2' };
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** What a register begins with where a body does not say. */
const fresh = { unit_name: null, enabled: true, on_receipt_failure: 'keep', settle_on_close_shift: false, fiscal: { mode: 'none' } } as const;

/** Registers, their automatic acquiring and their fiscal side. A change is in force for the next payment or check once its promise resolves. */
export class Registers {
  private readonly sql: Sql;

  constructor(
    private readonly dataSource: DataSource,
    private readonly passwords: FiscalPasswords,
  ) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** A page in order of site and id. */
  async list(asked: AskedList, by: SettingsReader): Promise<{ registers: Register[]; next: string | null }> {
    const { rows, next } = await pageOfEntries<RegisterRow>(this.sql, 'register', {
      scope: scopeOf(by),
      siteId: asked.siteId ?? null,
      limit: asked.limit,
      cursor: asked.cursor ?? null,
    });
    return { registers: rows.map(shownRegister), next };
  }

  /** @throws Rejected `equipment.not_found`. */
  async read(id: string, siteId: string | null, by: SettingsReader): Promise<Register> {
    return shownRegister(await this.find(id, siteId, by));
  }

  /** @throws Rejected `equipment.exists`, `equipment.not_found` for its site or terminal. */
  async create(body: NewRegister, by: SettingsAuthor): Promise<Register> {
    mustSee(scopeOf(by), body.siteId);
    const { siteId, id, name, numDevice, automaticAcquiring: acquiring } = body;
    const fiscal = await this.keptFiscal(body.fiscal, { site: siteId, id, before: fresh.fiscal });
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          await nextRevision(sql, siteId);
          const members = membersOf({ ...fresh, fiscal }, body);
          const [row] = await sql.rows<RegisterRow>(insert, [siteId, id, name, numDevice ?? null, acquiring.option, acquiring.terminalId, ...members]);
          return remembered(sql, { by, before: null, after: row });
        },
        unavailable,
      ),
    );
  }

  /** @throws Rejected `equipment.not_found`, `equipment.exists`; `request.invalid` when a password is needed. */
  async change({ id, siteId }: NamedEntry, body: RegisterChange, by: SettingsAuthor): Promise<Register> {
    const { site_id: site } = await this.find(id, siteId, by);
    return refusing(
      transaction(
        this.dataSource,
        async (sql) => {
          await nextRevision(sql, site);
          const before = await lockEntry<RegisterRow>(sql, 'register', { id, site });
          const acquiring = body.automaticAcquiring ?? shownAcquiring(before);
          const fiscal = await this.keptFiscal(body.fiscal, { site, id, before: before.fiscal });
          const [row] = await sql.rows<RegisterRow>(update, [
            site,
            id,
            body.name ?? before.name,
            body.numDevice ?? before.num_device,
            acquiring.option,
            acquiring.terminalId,
            ...membersOf({ ...before, fiscal }, body),
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
          await rememberChange(sql, {
            by,
            kind: 'register',
            siteId: site,
            entryId: id,
            before: shownRegister(before),
            after: null,
            secretChanged: passwordKeptBy(before) !== null,
          });
        },
        unavailable,
      ),
    );
  }

  private find(id: string, siteId: string | null, by: SettingsReader): Promise<RegisterRow> {
    return findEntry<RegisterRow>(this.sql, 'register', { id, siteId, scope: scopeOf(by) });
  }

  private async keptFiscal(asked: SetFiscal | undefined, of: { readonly site: string; readonly id: string; readonly before: KeptFiscal }): Promise<KeptFiscal> {
    if (asked === undefined) return of.before;
    if (asked.mode === 'none') return { mode: 'none' };
    const { url, login, numDevice } = asked;
    const sealedPassword = await passwordOf(asked, of.before, (password) => this.passwords.seal(password, { siteId: of.site, registerId: of.id, url, login }));
    return { mode: 'forward', url, login, numDevice, sealedPassword };
  }
}

type KeptMembers = Pick<RegisterRow, 'unit_name' | 'enabled' | 'on_receipt_failure' | 'settle_on_close_shift' | 'fiscal'>;

/** The values of {@link insert} and {@link update} after the terminal's. */
function membersOf(before: KeptMembers, body: RegisterChange): readonly unknown[] {
  return [
    body.unitName === undefined ? before.unit_name : body.unitName,
    body.enabled ?? before.enabled,
    body.onReceiptFailure ?? before.on_receipt_failure,
    body.settleOnCloseShift ?? before.settle_on_close_shift,
    JSON.stringify(before.fiscal),
  ];
}

async function remembered(
  sql: Sql,
  change: { readonly by: SettingsAuthor; readonly before: RegisterRow | null; readonly after: RegisterRow | undefined },
): Promise<Register> {
  if (!change.after) throw new Rejected('equipment.not_found');
  const after = shownRegister(change.after);
  await rememberChange(sql, {
    by: change.by,
    kind: 'register',
    siteId: after.siteId,
    entryId: after.id,
    before: change.before && shownRegister(change.before),
    after,
    secretChanged: passwordKeptBy(change.before) !== passwordKeptBy(change.after),
  });
  return after;
}

/** The sealed password of its fiscal side; null when there is none. */
function passwordKeptBy(row: RegisterRow | null): string | null {
  return row?.fiscal.mode === 'forward' ? row.fiscal.sealedPassword : null;
}
