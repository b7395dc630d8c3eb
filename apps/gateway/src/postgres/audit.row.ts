import type { AuditEntry } from '@kkm/contracts';
import type { Sql, Statement } from '@kkm/postgres';

/** Which entries are asked for; null leaves out a filter. */
export interface AskedAudit {
  readonly siteId: string | null;
  readonly by: string | null;
  readonly action: string | null;
  readonly targetId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly cursor: string | null;
  readonly limit: number;
}

/** A row of `gateway.audit`. */
interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly by_kind: AuditEntry['by']['kind'];
  readonly by_id: string;
  readonly by_name: string;
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly target_id: string | null;
  readonly site_id: string | null;
  readonly status: number;
  readonly code: string | null;
  readonly address: string;
  readonly request_id: string;
}

const columns = 'id, at, by_kind, by_id, by_name, action, method, path, target_id, site_id, status, code, address, request_id';
const insert: Statement = {
  name: 'audit-insert',
  text: `insert into gateway.audit (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do nothing`,
};
const page: Statement = {
  name: 'audit-page',
  text: `select ${columns} from gateway.audit
    where ($1::text is null or site_id = $1) and ($2::text is null or by_id = $2) and ($3::text is null or action = $3) and ($4::text is null or target_id = $4)
      and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6) and ($7::text is null or id < $7)
    order by id desc limit $8`,
};

/** Writes an entry; a repeat changes nothing. */
export async function storeAuditEntry(sql: Sql, entry: AuditEntry): Promise<void> {
  const { id, at, by, action, method, path, targetId, siteId, status, code, address, requestId } = entry;
  await sql.run(insert, [id, at, by.kind, by.id, by.name, action, method, path, targetId, siteId, status, code, address, requestId]);
}

/** A page of entries, newest first. */
export async function pageOfAudit(sql: Sql, asked: AskedAudit): Promise<{ entries: AuditEntry[]; next: string | null }> {
  const { siteId, by, action, targetId, from, to, cursor, limit } = asked;
  const rows = await sql.rows<AuditRow>(page, [siteId, by, action, targetId, from, to, cursor, limit + 1]);
  const entries = rows.slice(0, limit).map(shown);
  return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

function shown(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
    action: row.action,
    method: row.method,
    path: row.path,
    targetId: row.target_id,
    siteId: row.site_id,
    status: row.status,
    code: row.code,
    address: row.address,
    requestId: row.request_id,
  };
}
