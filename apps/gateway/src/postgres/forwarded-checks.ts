import { check } from '@kkm/core';
import type { ForwardedChecks } from '@kkm/flow/kkmserver';
import type { Sql, Statement } from '@kkm/postgres';

interface BegunRow {
  readonly begun_at: Date;
  readonly number_before: number | null;
  readonly number: number | null;
  readonly first: boolean;
}

/** The empty update makes an older row come back as well; a new one has no transaction that updated it. */
const begin: Statement = {
  name: 'forwarded-begin',
  text: `insert into gateway.forwarded_check as c (site_id, register_id, key, number_before) values ($1, $2, $3, $4)
    on conflict (site_id, register_id, key) do update set key = c.key
    returning c.begun_at, c.number_before, c.number, c.xmax::text = '0' as first`,
};
const begun: Statement = { name: 'forwarded-begun', text: 'select 1 as one from gateway.forwarded_check where site_id = $1 and register_id = $2 and key = $3' };
const made: Statement = {
  name: 'forwarded-made',
  text: `update gateway.forwarded_check c set number = $4 where site_id = $1 and register_id = $2 and key = $3
    and not exists (select from gateway.forwarded_check o where o.site_id = $1 and o.register_id = $2 and o.number = $4 and o.key <> $3)`,
};
const claimed: Statement = {
  name: 'forwarded-claimed',
  text: 'select number from gateway.forwarded_check where site_id = $1 and register_id = $2 and number > $3 order by number limit 1000',
};

/** Commands that went to registers elsewhere, in the gateway's schema. */
export function forwardedChecks(sql: Sql): ForwardedChecks {
  return {
    async begin({ siteId, registerId }, key, numberBefore) {
      const [row] = await sql.rows<BegunRow>(begin, [siteId, registerId, key, numberBefore]);
      check(row, 'a note that was written comes back');
      return { first: row.first, begunAtMs: row.begun_at.getTime(), numberBefore: row.number_before, number: row.number };
    },
    isBegun: async ({ siteId, registerId }, key) => (await sql.rows<{ one: number }>(begun, [siteId, registerId, key])).length > 0,
    made: async ({ siteId, registerId }, key, number) => (await sql.run(made, [siteId, registerId, key, number])) > 0,
    claimed: async ({ siteId, registerId }, after) => (await sql.rows<{ number: number }>(claimed, [siteId, registerId, after])).map(({ number }) => number),
  };
}
