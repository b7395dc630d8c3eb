import { noBankIdentity, Rejected } from '@kkm/core';
import type { BankIdentity, LateApproval, Method, TerminalSettings } from '@kkm/core';
import type { SiteEquipment } from '@kkm/contracts';
import type { Equipment, TerminalWay } from '@kkm/flow/gateway';
import type { Sql, Statement } from '@kkm/postgres';
import { sbpWayOf } from '../equipment/sbp-way';
import type { ProfileValues, TerminalRow } from './equipment.row';

interface WayRow {
  readonly late_approval: LateApproval | null;
  readonly register_id: string | null;
  readonly acquiring_option: 'none' | Method | null;
  readonly acquiring_terminal_id: string | null;
  readonly terminal_id: string | null;
  readonly enabled: boolean | null;
  readonly driver: string | null;
  readonly bank: BankIdentity | null;
  readonly profile: ProfileValues | null;
  readonly profile_settings: ProfileValues | null;
}

/** One statement per payment and no cache: four index look-ups cost less than telling every replica about every change, and a setting is in force the moment it is committed. */
const way: Statement = {
  name: 'payment-equipment',
  text: `select s.late_approval, r.id as register_id, r.acquiring_option, r.acquiring_terminal_id, t.id as terminal_id, t.enabled,
      t.driver, t.bank, t.profile, p.settings as profile_settings
    from (values ($1::text, $2::text, $3::text)) as asked (site_id, register_id, terminal_id)
    left join gateway.site s on s.id = asked.site_id
    left join gateway.register r on r.site_id = asked.site_id and r.id = asked.register_id
    left join gateway.terminal t on t.site_id = asked.site_id and t.id = coalesce(asked.terminal_id, r.acquiring_terminal_id)
    left join gateway.terminal_profile p on p.id = t.profile_id`,
};

const ofSite: Statement = {
  name: 'equipment-of-site',
  text: `select s.revision as site_revision, t.*, p.settings as profile_settings
    from gateway.site s
    left join gateway.terminal t on t.site_id = s.id and ($2::bigint is null or s.revision <> $2)
    left join gateway.terminal_profile p on p.id = t.profile_id
    where s.id = $1 order by t.id`,
};

const allTerminals: Statement = { name: 'all-terminals', text: 'select site_id as "siteId", id as "terminalId" from gateway.terminal order by site_id, id' };

/** The equipment port over the gateway's schema. */
export function paymentEquipment(sql: Sql): Equipment {
  return {
    async forPayment({ siteId, registerId, terminalId }) {
      const [row] = await sql.rows<WayRow>(way, [siteId, registerId, terminalId]);
      if (!row) return { acquiring: null, terminal: null, lateApproval: 'keep' };
      const acquiring = row.acquiring_option === null ? null : { option: row.acquiring_option, terminalId: row.acquiring_terminal_id };
      return { acquiring, terminal: terminalOf(row), lateApproval: row.late_approval ?? 'keep' };
    },
  };
}

function terminalOf({ terminal_id: terminalId, enabled, driver, bank, profile, profile_settings: shared }: WayRow): TerminalWay | null {
  if (terminalId === null) return null;
  return { terminalId, enabled: enabled === true, sbp: sbpWayOf(driver ?? '', { ...shared, ...profile }), bank: isWrittenDown(bank) ? bank : null };
}

function isWrittenDown(bank: BankIdentity | null): boolean {
  return bank !== null && (Object.keys(noBankIdentity) as (keyof BankIdentity)[]).some((member) => bank[member] !== null);
}

/** The settings of a site's terminals, for its workers; `terminals` is null when the worker's revision is the site's. @throws Rejected `equipment.not_found`. */
export async function equipmentOfSite(sql: Sql, siteId: string, knownRevision: number | null): Promise<SiteEquipment> {
  type Row = { readonly site_revision: number; readonly profile_settings: ProfileValues | null } & (TerminalRow | { readonly id: null });
  const rows = await sql.rows<Row>(ofSite, [siteId, knownRevision]);
  const [first] = rows;
  if (!first) throw new Rejected('equipment.not_found', { detail: `There is no site ${siteId}.` });
  const revision = first.site_revision;
  if (revision === knownRevision) return { revision, terminals: null };
  return { revision, terminals: rows.flatMap((row) => (row.id === null ? [] : [settingsOf(row, row.profile_settings)])) };
}

/** Site and id of every terminal; their queues are declared at start. */
export function everyTerminal(sql: Sql): Promise<{ siteId: string; terminalId: string }[]> {
  return sql.rows(allTerminals);
}

function settingsOf(row: TerminalRow, shared: ProfileValues | null): TerminalSettings {
  return {
    terminalId: row.id,
    siteId: row.site_id,
    name: row.name,
    driver: row.driver,
    transport: row.transport,
    profile: { ...shared, ...row.profile },
    readAttemptsMax: row.read_attempts_max,
    enabled: row.enabled,
    revision: row.revision,
  };
}
