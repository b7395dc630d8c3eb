import type { Migration } from '@kkm/postgres';

/**
 * Messages that could not be handled. Headers are json, not jsonb: a sender's text may hold the zero that jsonb refuses. Of the same message parked for the same reason one row is
 * open: a copy that comes twice changes nothing.
 */
export const parkedMessagesMigration: Migration = {
  name: '0012-parked-messages',
  sql: `
    create table gateway.parked_message (
      id text collate "C" primary key,
      fingerprint bytea not null check (length(fingerprint) = 32),
      state text not null default 'parked' constraint parked_message_state_known check (state in ('parked', 'replayed', 'dismissed')),
      reason text not null,
      site_id text,
      payment_id text,
      queue text,
      exchange text,
      routing_key text,
      message_id text,
      type text,
      content_type text,
      sender text,
      parked_at timestamptz not null,
      size int not null check (size >= 0),
      headers json not null,
      body text not null,
      body_form text not null constraint parked_message_form_known check (body_form in ('json', 'text', 'base64')),
      is_body_cut boolean not null,
      not_replayable text constraint parked_message_obstacle_known check (not_replayable in ('not_json', 'too_large', 'redacted', 'no_origin', 'not_trusted')),
      expires_at timestamptz,
      replay_of text constraint parked_message_replayed_one references gateway.parked_message (id),
      settled_at timestamptz,
      settled_by_kind text constraint parked_message_settler_known check (settled_by_kind in ('api_key', 'user')),
      settled_by_id text,
      settled_by_name text,
      dismiss_reason text,
      constraint parked_message_settled check (
        (state = 'parked') = (settled_at is null) and (settled_at is null) = (settled_by_kind is null)
        and (settled_at is null) = (settled_by_id is null) and (settled_at is null) = (settled_by_name is null)
      ),
      constraint parked_message_dismissed check ((state = 'dismissed') = (dismiss_reason is not null)),
      constraint parked_message_replayable check (state <> 'replayed' or not_replayable is null),
      constraint parked_message_sendable check (
        not_replayable is not null or (body_form = 'json' and not is_body_cut and queue is not null and exchange is not null and routing_key is not null)
      )
    );
    create unique index parked_message_once on gateway.parked_message (fingerprint) where state = 'parked';
    create index parked_message_open on gateway.parked_message (id) where state = 'parked';
    create index parked_message_of_site on gateway.parked_message (site_id, id);
    create index parked_message_replays on gateway.parked_message (replay_of, id) where replay_of is not null;
  `,
};
