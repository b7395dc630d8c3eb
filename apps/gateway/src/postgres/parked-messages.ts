import { limits } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { Decider, NotReplayable, ParkedBodyForm, ParkedMessage, ParkedState, ParkedSummary } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import type { NewParked } from '../parked/read-parked';

/** Columns of a row of `gateway.parked_message` that are shown in lists. */
interface SummaryRow {
  readonly id: string;
  readonly site_id: string | null;
  readonly payment_id: string | null;
  readonly state: ParkedState;
  readonly reason: string;
  readonly queue: string | null;
  readonly exchange: string | null;
  readonly routing_key: string | null;
  readonly message_id: string | null;
  readonly type: string | null;
  readonly sender: string | null;
  readonly parked_at: Date;
  readonly size: number;
  readonly not_replayable: NotReplayable | null;
  readonly replay_of: string | null;
  readonly parked_again_as: string | null;
  readonly settled_at: Date | null;
  readonly settled_by_kind: Decider['kind'] | null;
  readonly settled_by_id: string | null;
  readonly settled_by_name: string | null;
  readonly dismiss_reason: string | null;
}

interface MessageRow extends SummaryRow {
  readonly content_type: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly body_form: ParkedBodyForm;
  readonly is_body_cut: boolean;
}

/** Which messages are asked for; null leaves out a filter. */
export interface AskedParked {
  /** The only site the caller may see; null: every site's, and those of none. */
  readonly within: string | null;
  readonly siteId: string | null;
  readonly state: ParkedState | null;
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a person makes of a parked message. */
export type ParkedSettlement =
  { readonly state: 'replayed'; readonly by: Decider } | { readonly state: 'dismissed'; readonly by: Decider; readonly reason: string };

/** A parked message as it is kept, with what only a replay needs. */
export type KeptParked = ParkedMessage & { readonly contentType: string | null };

const summary = `m.id, m.site_id, m.payment_id, m.state, m.reason, m.queue, m.exchange, m.routing_key, m.message_id, m.type, m.sender, m.parked_at, m.size,
  case when m.not_replayable is null and m.state = 'parked' and m.expires_at < now() then 'expired' else m.not_replayable end as not_replayable,
  m.replay_of, (select max(r.id) from gateway.parked_message r where r.replay_of = m.id) as parked_again_as,
  m.settled_at, m.settled_by_kind, m.settled_by_id, m.settled_by_name, m.dismiss_reason`;
const whole = `${summary}, m.content_type, m.headers, m.body, m.body_form, m.is_body_cut`;
const insert: Statement = {
  name: 'parked-insert',
  text: `insert into gateway.parked_message (id, fingerprint, reason, site_id, payment_id, queue, exchange, routing_key, message_id, type, content_type, sender, parked_at, size, headers,
      body, body_form, is_body_cut, not_replayable, expires_at, replay_of)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now(), $13, $14, $15, $16, $17, $18, $19, (select id from gateway.parked_message where id = $20))
    on conflict (fingerprint) where state = 'parked' do nothing`,
};
const page: Statement = {
  name: 'parked-page',
  text: `select ${summary} from gateway.parked_message m
    where ($1::text is null or m.site_id = $1) and ($2::text is null or m.site_id = $2) and ($3::text is null or m.state = $3) and ($4::text is null or m.id < $4)
    order by m.id desc limit $5`,
};
const byId: Statement = { name: 'parked-read', text: `select ${whole} from gateway.parked_message m where m.id = $1 and ($2::text is null or m.site_id = $2)` };
const lock: Statement = { name: 'parked-lock', text: `${byId.text} for no key update of m` };
const settle: Statement = {
  name: 'parked-settle',
  text: `update gateway.parked_message set state = $2, settled_at = now(), settled_by_kind = $3, settled_by_id = $4, settled_by_name = $5, dismiss_reason = $6
    where id = $1 and state = 'parked'`,
};
const countOpen: Statement = { name: 'parked-open', text: `select count(*) as open from gateway.parked_message where state = 'parked'` };

/** Parked messages in Postgres. */
export class ParkedMessageStore {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource, 'settings.unavailable');
  }

  /** Stores a message; false when it is open already. */
  async add(id: string, message: NewParked): Promise<boolean> {
    const { fingerprint, reason, siteId, paymentId, queue, exchange, routingKey, messageId, type, contentType, sender, size } = message;
    const { headers, body, bodyForm, isBodyCut, notReplayable, expiresAt, replayOf } = message;
    const origin = [fingerprint, reason, siteId, paymentId, queue, exchange, routingKey, messageId, type, contentType, sender, size];
    return (await this.sql.run(insert, [id, ...origin, JSON.stringify(headers), body, bodyForm, isBodyCut, notReplayable, expiresAt, replayOf])) === 1;
  }

  /** A page, newest first. */
  async list({ within, siteId, state, cursor, limit }: AskedParked): Promise<{ parkedMessages: ParkedSummary[]; next: string | null }> {
    const rows = await this.sql.rows<SummaryRow>(page, [within, siteId, state, cursor, limit + 1]);
    const parkedMessages = rows.slice(0, limit).map(summaryOf);
    return { parkedMessages, next: rows.length > limit ? (parkedMessages.at(-1)?.id ?? null) : null };
  }

  /** One message, its body as far as it is shown. @throws Rejected `parked.not_found`. */
  read(id: string, within: string | null): Promise<ParkedMessage> {
    return shownMessage(this.sql, id, within);
  }

  /**
   * Settles an open message as `decide` says, while nobody else can. What `decide` does may be done again: after a deadlock, or by a person when the writing failed.
   * @throws Rejected `parked.not_found`, `parked.settled`, and what `decide` throws.
   */
  settle(id: string, within: string | null, decide: (message: KeptParked) => Promise<ParkedSettlement>): Promise<ParkedMessage> {
    return transaction(
      this.dataSource,
      async (sql) => {
        const [row] = await sql.rows<MessageRow>(lock, [id, within]);
        if (!row) throw new Rejected('parked.not_found');
        if (row.state !== 'parked') throw new Rejected('parked.settled');
        const settlement = await decide({ ...messageOf(row), contentType: row.content_type });
        const { state, by } = settlement;
        await sql.run(settle, [id, state, by.kind, by.id, by.name, settlement.state === 'dismissed' ? settlement.reason : null]);
        return shownMessage(sql, id, within);
      },
      { unavailableCode: 'settings.unavailable' },
    );
  }

  /** How many nobody has settled. */
  async countOpen(): Promise<number> {
    const [row] = await this.sql.rows<{ readonly open: number }>(countOpen);
    return row?.open ?? 0;
  }
}

async function shownMessage(sql: Sql, id: string, within: string | null): Promise<ParkedMessage> {
  const [row] = await sql.rows<MessageRow>(byId, [id, within]);
  if (!row) throw new Rejected('parked.not_found');
  const message = messageOf(row);
  const { body } = message;
  return body.length > limits.parkedShownLength ? { ...message, body: body.slice(0, limits.parkedShownLength), isBodyCut: true } : message;
}

function messageOf(row: MessageRow): ParkedMessage {
  const { headers, body, body_form: bodyForm, is_body_cut: isBodyCut } = row;
  return { ...summaryOf(row), headers, body, bodyForm, isBodyCut };
}

function summaryOf(row: SummaryRow): ParkedSummary {
  const { settled_by_kind: kind, settled_by_id: byWhom, settled_by_name: name } = row;
  return {
    id: row.id,
    siteId: row.site_id,
    paymentId: row.payment_id,
    state: row.state,
    reason: row.reason,
    queue: row.queue,
    exchange: row.exchange,
    routingKey: row.routing_key,
    messageId: row.message_id,
    type: row.type,
    sender: row.sender,
    parkedAt: row.parked_at.toISOString(),
    size: row.size,
    notReplayable: row.not_replayable,
    replayOf: row.replay_of,
    parkedAgainAs: row.parked_again_as,
    settledAt: row.settled_at?.toISOString() ?? null,
    settledBy: kind === null || byWhom === null || name === null ? null : { kind, id: byWhom, name },
    dismissReason: row.dismiss_reason,
  };
}
