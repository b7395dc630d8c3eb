import type { Migration } from '@kkm/postgres';

/** Users, their sessions, what is counted of wrong passwords, and the audit (ADR 0017). The audit refers to nobody: it outlives users, keys and sites. */
export const usersMigration: Migration = {
  name: '0008-users',
  sql: `
      create table gateway.user_account (
        id text collate "C" primary key,
        name text not null,
        name_key text not null constraint user_name unique,
        role text not null constraint user_role_known check (role in ('cashier', 'manager', 'admin')),
        site_id text,
        enabled boolean not null,
        password_hash text not null constraint user_password_hashed check (password_hash like '$argon2id$%'),
        password_set_at timestamptz not null default now(),
        signed_in_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create table gateway.user_session (
        hash bytea primary key constraint session_hashed check (length(hash) = 32),
        user_id text collate "C" not null references gateway.user_account (id) on delete cascade,
        started_at timestamptz not null default now(),
        used_at timestamptz not null default now(),
        ends_at timestamptz not null
      );
      create index user_session_of_user on gateway.user_session (user_id, started_at);
      create index user_session_to_end on gateway.user_session (ends_at);
      create table gateway.user_address (
        user_id text collate "C" not null references gateway.user_account (id) on delete cascade,
        address text not null,
        signed_in_at timestamptz not null default now(),
        primary key (user_id, address)
      );
      create table gateway.sign_in_try (
        subject text primary key,
        tries int not null,
        tried_at timestamptz not null,
        waits_until timestamptz not null
      );
      create table gateway.audit (
        id text collate "C" primary key,
        at timestamptz not null,
        by_kind text not null constraint audit_by_known check (by_kind in ('user', 'api_key')),
        by_id text not null,
        by_name text not null,
        action text not null,
        method text not null,
        path text not null,
        target_id text,
        site_id text,
        status int not null,
        code text,
        address text not null,
        request_id text not null
      );
      create index audit_at on gateway.audit (at, id);
      create index audit_of_site on gateway.audit (site_id, id);
      create index audit_by on gateway.audit (by_id, id);
    `,
};
