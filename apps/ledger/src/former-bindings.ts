import { formerBindings } from '@kkm/contracts';
import type { Broker } from '@kkm/messaging';
import type { Sql, Statement } from '@kkm/postgres';
import type { Chore } from './chores';
import { earlierLedgerName } from './postgres/open-ledger-database';

/** Looked for again and again, because earlier gateways bind it when they connect; a binding too many costs time and nothing else. */
const lookMs = 60_000;

/** So many looks in a row must find no earlier ledger: one that has just lost its database comes back. */
const looksMin = 5;

/** Whether a ledger that relies on the former bindings is connected to the database. $1 its connections' name. */
const hasEarlierLedger: Statement = {
  name: 'ledger.has-earlier-ledger',
  text: `select exists (select from pg_stat_activity where datname = current_database() and usename = current_user and application_name = $1) as has`,
};

/**
 * Unbinds what only earlier versions need, once none of their ledgers runs: of those replaced one by one an earlier one may be the relay, and nothing that it
 * sends may be missed. One that is started later binds it again by itself.
 */
export function unbindFormer(broker: Pick<Broker, 'state' | 'unbind'>, sql: Sql): Chore {
  let alone = 0;
  const work = async (): Promise<void> => {
    const [earlier] = await sql.rows<{ has: boolean }>(hasEarlierLedger, [earlierLedgerName]);
    alone = earlier?.has === false ? alone + 1 : 0;
    if (alone < looksMin || broker.state !== 'connected') return;
    for (const binding of formerBindings) await broker.unbind(binding);
  };
  return { what: 'unbind what earlier versions bound', everyMs: lookMs, work };
}
