import type { Migration } from '@kkm/postgres';
import { certificationsMigration } from './certifications-migration';
import { usersMigration } from './users-migration';
import { linkDrafts } from './link-drafts-migration';
import { parkedMessagesMigration } from './parked-messages-migration';
import { settingChanges } from './setting-changes-migration';

/** The gateway's schema, forward only; a merged migration is never edited. */
export const gatewayMigrations: readonly Migration[] = [
  {
    name: '0001-equipment',
    sql: `
      create table gateway.site (
        id text primary key,
        name text not null,
        revision bigint not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create table gateway.terminal_profile (
        id text primary key,
        site_id text constraint terminal_profile_site references gateway.site (id),
        name text not null,
        driver text not null,
        settings jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create table gateway.terminal (
        site_id text not null constraint terminal_site references gateway.site (id),
        id text not null,
        name text not null,
        driver text not null,
        transport jsonb not null,
        profile_id text constraint terminal_profile_used references gateway.terminal_profile (id),
        profile jsonb not null,
        read_attempts_max int not null check (read_attempts_max between 1 and 10),
        enabled boolean not null,
        num_device int not null check (num_device >= 0),
        revision bigint not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (site_id, id)
      );
      create unique index terminal_num_device on gateway.terminal (site_id, num_device) where num_device > 0;
      create index terminal_profile_users on gateway.terminal (profile_id);
      create table gateway.register (
        site_id text not null constraint register_site references gateway.site (id),
        id text not null,
        name text not null,
        num_device int not null check (num_device >= 0),
        acquiring_option text not null check (acquiring_option in ('none', 'card', 'sbp_qr', 'card_or_sbp_qr')),
        acquiring_terminal_id text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (site_id, id),
        constraint register_terminal foreign key (site_id, acquiring_terminal_id) references gateway.terminal (site_id, id),
        constraint register_terminal_named check (acquiring_option = 'none' or acquiring_terminal_id is not null)
      );
      create unique index register_num_device on gateway.register (site_id, num_device) where num_device > 0;
      create index register_terminal_users on gateway.register (site_id, acquiring_terminal_id);
      create table gateway.settings_history (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        by_key text not null,
        kind text not null,
        site_id text,
        entry_id text not null,
        before jsonb,
        after jsonb
      );
      create index settings_history_of_entry on gateway.settings_history (kind, site_id, entry_id, id);
    `,
  },
  {
    name: '0002-api-keys',
    sql: `
      create table gateway.api_key (
        id text primary key,
        name text not null,
        site_id text,
        scopes text[] not null check (cardinality(scopes) > 0),
        hint text not null,
        hash bytea not null constraint api_key_hash unique check (length(hash) = 32),
        earlier_hash bytea,
        earlier_until timestamptz,
        created_at timestamptz not null default now(),
        rotated_at timestamptz,
        revoked_at timestamptz
      );
      create unique index api_key_earlier_hash on gateway.api_key (earlier_hash) where earlier_hash is not null;
    `,
  },
  {
    name: '0003-late-approval',
    sql: `
      alter table gateway.site add column late_approval text not null default 'keep' constraint site_late_approval_known check (late_approval in ('keep', 'void'));
    `,
  },
  {
    name: '0004-fiscal-side',
    sql: `
      alter table gateway.register
        add column unit_name text,
        add column enabled boolean not null default true,
        add column on_receipt_failure text not null default 'keep' constraint register_receipt_failure_known check (on_receipt_failure in ('keep', 'void')),
        add column settle_on_close_shift boolean not null default false,
        add column fiscal jsonb not null default '{"mode": "none"}'
          constraint register_fiscal_known check (coalesce(fiscal->>'mode' = 'none' or fiscal->>'mode' = 'forward' and fiscal ?& array['url', 'login', 'numDevice', 'sealedPassword'], false));
      create table gateway.virtual_register (
        site_id text not null,
        register_id text not null,
        state jsonb not null,
        changed_at timestamptz not null default now(),
        primary key (site_id, register_id)
      );
      create table gateway.virtual_document (
        site_id text not null,
        register_id text not null,
        key text not null,
        number int,
        entry jsonb not null,
        made_at timestamptz not null default now(),
        primary key (site_id, register_id, key),
        constraint virtual_document_of_register foreign key (site_id, register_id) references gateway.virtual_register (site_id, register_id)
      );
      create unique index virtual_document_number on gateway.virtual_document (site_id, register_id, number) where number is not null;
      create table gateway.forwarded_check (
        site_id text not null,
        register_id text not null,
        key text not null,
        begun_at timestamptz not null default now(),
        number_before int,
        number int,
        primary key (site_id, register_id, key)
      );
    `,
  },
  {
    // Commands and answers are json, not jsonb: their members keep the order in which clients expect them. No reference to a site: an idempotency key outlives it.
    name: '0005-kkm-commands',
    sql: `
      create table gateway.kkm_command (
        id text primary key,
        site_id text not null,
        id_command text not null,
        fingerprint text not null,
        command json not null,
        register_id text,
        terminal_id text,
        unit json,
        receipt_number text,
        acquiring text constraint kkm_command_acquiring_known check (acquiring in ('charge', 'return')),
        charge_amount bigint,
        stage text not null constraint kkm_command_stage_known check (stage in ('taken', 'charging', 'receipting', 'giving_back', 'done')),
        payment_id text,
        return_attempt_id text,
        answer json,
        follows boolean not null,
        refusals int not null,
        tries int not null,
        last_error text,
        due_at timestamptz not null,
        taken_at timestamptz not null,
        changed_at timestamptz not null,
        version bigint not null,
        lease_driver text,
        lease_until timestamptz,
        constraint kkm_command_once unique (site_id, id_command),
        constraint kkm_command_charge_sized check ((acquiring is not distinct from 'charge') = (charge_amount is not null))
      );
      create unique index kkm_command_payment on gateway.kkm_command (payment_id) where acquiring = 'charge' and payment_id is not null;
      create index kkm_command_at_work on gateway.kkm_command (id) where stage <> 'done';
      create index kkm_command_of_receipt on gateway.kkm_command (site_id, register_id, receipt_number, id) where acquiring = 'charge' and receipt_number is not null;
      create index kkm_command_of_terminal on gateway.kkm_command (site_id, terminal_id, id) where acquiring = 'charge';
    `,
  },
  {
    name: '0006-terminal-requests',
    sql: `
      create table gateway.terminal_request (
        id text collate "C" primary key,
        site_id text not null,
        terminal_id text not null,
        kind text not null constraint terminal_request_kind_known check (kind in ('link-test', 'settle', 'report')),
        detailed boolean not null,
        key text,
        state text not null constraint terminal_request_state_known check (state in ('asked', 'running', 'done', 'failed', 'unknown')),
        reason text,
        printed text,
        link jsonb,
        asked_by text not null,
        asked_at timestamptz not null,
        expires_at timestamptz not null,
        nonce text,
        taken_at timestamptz,
        answered_at timestamptz,
        constraint terminal_request_taken check (state <> 'running' or (nonce is not null and taken_at is not null)),
        constraint terminal_request_answered check ((state in ('done', 'failed', 'unknown')) = (answered_at is not null and printed is not null))
      );
      create unique index terminal_request_once on gateway.terminal_request (site_id, key) where key is not null;
      create index terminal_request_of_terminal on gateway.terminal_request (site_id, terminal_id, id);
      create index terminal_request_open on gateway.terminal_request (state) where state in ('asked', 'running');
    `,
  },
  {
    name: '0007-kkm-callback',
    sql: `
      create table gateway.kkm_callback (
        id bigint generated always as identity primary key,
        site_id text not null,
        key text not null,
        command json,
        reply json,
        taken_at timestamptz not null default now(),
        constraint kkm_callback_once unique (site_id, key),
        constraint kkm_callback_either check ((command is null) <> (reply is null))
      );
    `,
  },
  usersMigration,
  settingChanges,
  certificationsMigration,
  linkDrafts,
  parkedMessagesMigration,
];
