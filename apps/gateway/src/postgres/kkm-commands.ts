import { check } from '@kkm/core';
import { sameBillWithinMs } from '@kkm/flow/kkmserver';
import type { CommandRecord, CommandStore, OutstandingFilter, Taken } from '@kkm/flow/kkmserver';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { changingValues, commandOf, kkmCommandColumns, lastingColumns, takenValues } from './kkm-command.row';
import type { KkmCommandRow } from './kkm-command.row';

const columns = kkmCommandColumns.join(', ');
const changing = kkmCommandColumns.slice(lastingColumns);
const found = (name: string, where: string): Statement => ({ name: `kkm-command-${name}`, text: `select ${columns} from gateway.kkm_command where ${where}` });

/** Commands that charge at one register, or where none is named at one terminal, are taken one after the other. The class keeps its keys apart from those of migrations. */
const lockBills: Statement = { name: 'kkm-command-lock-bills', text: 'select pg_advisory_xact_lock(5894, hashtext($1))' };
const insert: Statement = {
  name: 'kkm-command-insert',
  text: `insert into gateway.kkm_command (${columns}) values (${kkmCommandColumns.map((_column, index) => `$${index + 1}`).join(', ')})
    on conflict on constraint kkm_command_once do nothing`,
};
const update: Statement = {
  name: 'kkm-command-update',
  text: `update gateway.kkm_command set ${changing.map((column, index) => `${column} = $${index + 2}`).join(', ')} where id = $1 and version = $2::bigint - 1`,
};
const sameBill = found(
  'same-bill',
  `site_id = $1 and stage <> 'done' and acquiring = 'charge' and register_id is not distinct from $2 and ($2::text is not null or terminal_id is not distinct from $3)
    and case when $4::text is null then charge_amount = $5 and taken_at > $6 else receipt_number = $4 end order by id limit 1`,
);
const byId = found('by-id', 'id = $1');
const byIdCommand = found('by-id-command', 'site_id = $1 and id_command = $2');
const byPayment = found('by-payment', `payment_id = $1 and acquiring = 'charge'`);
const byReceipt = found(
  'by-receipt',
  `site_id = $1 and register_id = $2 and receipt_number = $3 and acquiring = 'charge' and payment_id is not null order by id desc limit 1`,
);
const newestCharge = found('newest-charge', `site_id = $1 and terminal_id = $2 and acquiring = 'charge' order by id desc limit 1`);
const abandoned = found('abandoned', `stage <> 'done' and due_at <= now() and (lease_until is null or lease_until <= now()) order by id limit $1`);
const outstanding = found(
  'outstanding',
  `stage <> 'done' and stage in ('receipting', 'giving_back') and ($1::text[] is null or site_id = any($1)) and ($2::text is null or id > $2) order by id limit $3`,
);
const lease: Statement = {
  name: 'kkm-command-lease',
  text: `update gateway.kkm_command set lease_driver = $2, lease_until = now() + $3 * interval '1 ms'
    where id = $1 and (lease_until is null or lease_until <= now() or lease_driver = $2)`,
};
const release: Statement = {
  name: 'kkm-command-release',
  text: 'update gateway.kkm_command set lease_driver = null, lease_until = null where id = $1 and lease_driver = $2',
};
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Commands of the KkmServer door in the gateway's schema. Leases and due times go by the database's clock, which all replicas share. */
export function kkmCommands(dataSource: DataSource): CommandStore {
  const sql = sqlOf(dataSource, 'settings.unavailable');
  const one = (statement: Statement, values: readonly unknown[]): Promise<CommandRecord | null> => oneOf(sql, statement, values);
  const many = async (statement: Statement, values: readonly unknown[]): Promise<readonly CommandRecord[]> =>
    (await sql.rows<KkmCommandRow>(statement, values)).map(commandOf);
  return {
    take: (record) => transaction(dataSource, (within) => take(within, record), unavailable),
    byId: (id) => one(byId, [id]),
    byIdCommand: (siteId, idCommand) => one(byIdCommand, [siteId, idCommand]),
    byPayment: (paymentId) => one(byPayment, [paymentId]),
    byReceipt: ({ siteId, registerId, receiptNumber }) => one(byReceipt, [siteId, registerId, receiptNumber]),
    newestCharge: (siteId, terminalId) => one(newestCharge, [siteId, terminalId]),
    save: async (record) => (await sql.run(update, [record.id, ...changingValues(record)])) > 0,
    lease: async (id, driver, leaseMs) => (await sql.run(lease, [id, driver, leaseMs])) > 0,
    release: async (id, driver) => void (await sql.run(release, [id, driver])),
    abandoned: (limit) => many(abandoned, [limit]),
    outstanding: ({ siteIds, afterId, limit }: OutstandingFilter) => many(outstanding, [siteIds, afterId, limit]),
  };
}

/** The lock first: whoever charges the same bill at the same time is seen by the look that follows it. */
async function take(sql: Sql, record: CommandRecord): Promise<Taken> {
  const { siteId, idCommand, registerId, terminalId, receiptNumber, chargeAmount, takenAtMs } = record;
  if (record.acquiring === 'charge') {
    await sql.rows(lockBills, [JSON.stringify([siteId, registerId, registerId === null ? terminalId : null])]);
    const known = await oneOf(sql, byIdCommand, [siteId, idCommand]);
    if (known) return { kind: 'known', record: known };
    const since = new Date(takenAtMs - sameBillWithinMs);
    const by = await oneOf(sql, sameBill, [siteId, registerId, terminalId, receiptNumber, chargeAmount, since]);
    if (by) return { kind: 'unresolved', by };
  }
  if ((await sql.run(insert, takenValues(record))) > 0) return { kind: 'taken', record };
  const known = await oneOf(sql, byIdCommand, [siteId, idCommand]);
  check(known, 'a command whose id is taken is there');
  return { kind: 'known', record: known };
}

async function oneOf(sql: Sql, statement: Statement, values: readonly unknown[]): Promise<CommandRecord | null> {
  const [row] = await sql.rows<KkmCommandRow>(statement, values);
  return row ? commandOf(row) : null;
}
