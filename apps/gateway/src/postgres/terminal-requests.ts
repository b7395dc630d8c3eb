import { newTerminal } from '@kkm/core';
import type { KeptRequest, LinkDraft, LinkFacts } from '@kkm/core';
import { overdueTexts } from '@kkm/flow/gateway';
import type { RequestStore, StoredRequest } from '@kkm/flow/gateway';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of `gateway.terminal_request`, as read. */
interface TerminalRequestRow {
  readonly id: string;
  readonly site_id: string;
  readonly terminal_id: string;
  readonly kind: KeptRequest['kind'];
  readonly detailed: boolean;
  readonly state: KeptRequest['state'];
  readonly reason: KeptRequest['reason'];
  readonly printed: string | null;
  /** Of earlier releases without "host". */
  readonly link: (Omit<LinkFacts, 'host'> & Partial<Pick<LinkFacts, 'host'>>) | null;
  readonly problem: KeptRequest['problem'];
  readonly draft: LinkDraft | null;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly taken_at: Date | null;
  readonly answered_at: Date | null;
}

const insert: Statement = {
  name: 'terminal-request-insert',
  text: `insert into gateway.terminal_request (id, site_id, terminal_id, kind, detailed, key, state, asked_by, asked_at, expires_at, draft)
    values ($1, $2, $3, $4, $5, $6, 'asked', $7, $8, $9, $10) on conflict (site_id, key) where key is not null do nothing`,
};
const byId: Statement = { name: 'terminal-request', text: 'select * from gateway.terminal_request where id = $1' };
const byKey: Statement = { name: 'terminal-request-by-key', text: 'select * from gateway.terminal_request where site_id = $1 and key = $2' };
const take: Statement = {
  name: 'terminal-request-take',
  text: `update gateway.terminal_request set state = 'running', nonce = $4, taken_at = coalesce(taken_at, $5)
    where id = $1 and site_id = $2 and terminal_id = $3 and (draft is null or $6) and ((state = 'asked' and expires_at > $5) or (state = 'running' and nonce = $4)) returning *`,
};
const answer: Statement = {
  name: 'terminal-request-answer',
  text: `update gateway.terminal_request set state = $5, reason = $6, printed = $7, link = $8, answered_at = $9, problem = $10
    where id = $1 and site_id = $2 and terminal_id = $3 and nonce = $4 and state = 'running'`,
};
const lapse: Statement = {
  name: 'terminal-request-lapse',
  text: `update gateway.terminal_request set answered_at = $1,
      state = case when state = 'running' and kind = 'settle' then 'unknown' else 'failed' end,
      reason = case when state = 'running' and kind = 'settle' then 'unrecognised' else 'terminal_unreachable' end,
      problem = case when kind = 'link-test' then 'no_worker' end,
      printed = case when state = 'asked' then $3 when kind = 'settle' then $4 else $5 end
    where (state = 'asked' and expires_at <= $1) or (state = 'running' and taken_at <= $2)`,
};
const newTerminals: Statement = {
  name: 'terminal-request-new-terminals',
  text: `select id from gateway.terminal_request where state = 'asked' and site_id = $1 and terminal_id = '${newTerminal}' and expires_at > $2 order by id limit $3`,
};
const page: Statement = {
  name: 'terminal-request-page',
  text: `select * from gateway.terminal_request
    where site_id = $1 and terminal_id = $2 and ($3::text is null or kind = $3) and ($4::text is null or id < $4) order by id desc limit $5`,
};

/** Requests to terminals in Postgres. */
export function terminalRequests(sql: Sql): RequestStore {
  const one = async (statement: Statement, values: readonly unknown[]): Promise<StoredRequest | null> => {
    const [row] = await sql.rows<TerminalRequestRow>(statement, values);
    return row ? { kept: keptFrom(row), draft: row.draft } : null;
  };
  return {
    add: async ({ id, siteId, terminalId, kind, detailed, key, draft, askedBy, askedAtMs, expiresAtMs }) => {
      const values = [id, siteId, terminalId, kind, detailed, key, askedBy, new Date(askedAtMs), new Date(expiresAtMs), draft && JSON.stringify(draft)];
      return (await sql.run(insert, values)) === 1;
    },
    find: async (id) => (await one(byId, [id]))?.kept ?? null,
    byKey: (siteId, key) => one(byKey, [siteId, key]),
    take: ({ requestId, siteId, terminalId, nonce, drafts = false }, nowMs) => one(take, [requestId, siteId, terminalId, nonce, new Date(nowMs), drafts]),
    newTerminals: async (siteId, nowMs, limit) => (await sql.rows<{ readonly id: string }>(newTerminals, [siteId, new Date(nowMs), limit])).map(({ id }) => id),
    answer: async ({ requestId, siteId, terminalId, nonce, answer: told }, nowMs) => {
      const link = told.link && JSON.stringify(told.link);
      await sql.run(answer, [requestId, siteId, terminalId, nonce, told.state, told.reason, told.text, link, new Date(nowMs), told.problem ?? null]);
    },
    lapse: async ({ nowMs, takenUntilMs }) => {
      const { asked, settling, running } = overdueTexts;
      await sql.run(lapse, [new Date(nowMs), new Date(takenUntilMs), asked, settling, running]);
    },
    list: async ({ siteId, terminalId, kind, beforeId, limit }) =>
      (await sql.rows<TerminalRequestRow>(page, [siteId, terminalId, kind, beforeId, limit])).map(keptFrom),
  };
}

function keptFrom(row: TerminalRequestRow): KeptRequest {
  const { id, site_id: siteId, terminal_id: terminalId, kind, detailed, state, reason, printed: text, problem, asked_by: askedBy } = row;
  const link = row.link && { ...row.link, host: row.link.host ?? null };
  const times = { askedAt: row.asked_at.toISOString(), expiresAt: row.expires_at.toISOString() };
  const ends = { takenAt: row.taken_at?.toISOString() ?? null, answeredAt: row.answered_at?.toISOString() ?? null };
  return { id, siteId, terminalId, kind, detailed, state, reason, text, link, problem, isDraft: row.draft !== null, askedBy, ...times, ...ends };
}
