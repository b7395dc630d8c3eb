import type { CertificationRecord, CertificationStore } from '@kkm/flow/gateway';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of `gateway.certification`, as read. The body holds what no statement asks about. */
interface CertificationRow {
  readonly body: CertificationRecord;
  readonly version: number;
}

const insert: Statement = {
  name: 'certification-insert',
  text: `insert into gateway.certification (id, site_id, terminal_id, state, body, version, due_at) values ($1, $2, $3, 'running', $4, $5, $6)
    on conflict (site_id, terminal_id) where state = 'running' do nothing`,
};
const byId: Statement = { name: 'certification', text: 'select body, version from gateway.certification where id = $1' };
const page: Statement = {
  name: 'certification-page',
  text: `select body, version from gateway.certification where site_id = $1 and terminal_id = $2 and ($3::text is null or id < $3) order by id desc limit $4`,
};
const takeDue: Statement = {
  name: 'certification-due',
  text: `update gateway.certification c set due_at = $2
    from (select id from gateway.certification where state = 'running' and due_at <= $1 order by due_at limit $3 for update skip locked) d
    where c.id = d.id returning c.body, c.version`,
};
const update: Statement = {
  name: 'certification-update',
  text: `update gateway.certification set state = $3, body = $4, version = version + 1, due_at = $5 where id = $1 and version = $2`,
};

/** Certifications in Postgres. */
export function certifications(sql: Sql): CertificationStore {
  const records = async (statement: Statement, values: readonly unknown[]): Promise<CertificationRecord[]> =>
    (await sql.rows<CertificationRow>(statement, values)).map(({ body, version }) => ({ ...body, version }));
  return {
    add: async (record) => {
      const { id, siteId, terminalId, version, startedAt } = record;
      return (await sql.run(insert, [id, siteId, terminalId, JSON.stringify(record), version, startedAt])) === 1;
    },
    find: async (id) => (await records(byId, [id]))[0] ?? null,
    list: ({ siteId, terminalId, beforeId, limit }) => records(page, [siteId, terminalId, beforeId, limit]),
    takeDue: ({ nowMs, untilMs, limit }) => records(takeDue, [new Date(nowMs), new Date(untilMs), limit]),
    save: async (record, dueMs) => {
      const { id, version, state } = record;
      return (await sql.run(update, [id, version, state, JSON.stringify(record), dueMs === null ? null : new Date(dueMs)])) === 1;
    },
  };
}
