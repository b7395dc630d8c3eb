import type { WrittenAnswer } from '@kkm/contracts';
import type { KkmCommand } from '@kkm/core';
import type { Sql, Statement } from '@kkm/postgres';
import type { CallbackBook, KeptEntry } from '../kkmserver/callback/callback-book';

const keep: Statement = {
  name: 'kkm-callback-keep',
  text: 'insert into gateway.kkm_callback (site_id, key, command, reply) values ($1, $2, $3, $4) on conflict (site_id, key) do nothing',
};
const owed: Statement = { name: 'kkm-callback-owed', text: 'select key, command, reply from gateway.kkm_callback where site_id = $1 order by id limit $2' };
const settled: Statement = { name: 'kkm-callback-settled', text: 'delete from gateway.kkm_callback where site_id = $1 and key = any ($2)' };

/** A row is a command or a reply; the table sees to it. */
interface Row {
  readonly key: string;
  readonly command: KkmCommand | null;
  readonly reply: WrittenAnswer | null;
}

/** What is owed to remote servers, in the gateway's schema. */
export function callbackBook(sql: Sql): CallbackBook {
  return {
    keep: async (siteId, key, entry) => {
      const command = entry.kind === 'command' ? JSON.stringify(entry.command) : null;
      const reply = entry.kind === 'reply' ? JSON.stringify(entry.reply) : null;
      await sql.run(keep, [siteId, key, command, reply]);
    },
    owed: async (siteId, limit) => (await sql.rows<Row>(owed, [siteId, limit])).map(entryOf),
    settled: async (siteId, keys) => {
      await sql.run(settled, [siteId, keys]);
    },
  };
}

function entryOf({ key, command, reply }: Row): KeptEntry {
  return command === null ? { key, kind: 'reply', reply: reply ?? {} } : { key, kind: 'command', command };
}
