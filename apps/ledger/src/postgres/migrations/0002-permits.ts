import type { Migration } from '@kkm/postgres';

/** Permits, the leases of terminals and the workers of sites (design-money, clauses 1 to 3 and 23). */
export const permits: Migration = {
  name: '0002-permits',
  sql: `
create table permit (
  attempt_id    text collate "C" constraint granted_once primary key references attempt,
  nonce         text not null,
  worker_id     text not null,
  granted_at    timestamptz not null,
  lease_until   timestamptz not null,
  take_overs    integer not null default 0,
  taken_over_at timestamptz
);

-- The nonce says who handles the attempt. Only a recovery may replace it, and only once the lease has lapsed.
create function refuse_changed_permit() returns trigger language plpgsql as $$
begin
  if new.attempt_id = old.attempt_id and new.granted_at = old.granted_at
     and new.take_overs = old.take_overs + 1 and new.taken_over_at >= old.lease_until then
    return new;
  end if;
  raise exception 'the permit of attempt % is not changed', old.attempt_id
    using errcode = '23514', constraint = 'permit_immutable';
end $$;
create trigger permit_immutable before update on permit for each row
  when (new.nonce is distinct from old.nonce or new.attempt_id is distinct from old.attempt_id or new.granted_at is distinct from old.granted_at)
  execute function refuse_changed_permit();
create function refuse_deleted_permit() returns trigger language plpgsql as $$
begin
  raise exception 'the permit of attempt % is kept for ever', old.attempt_id
    using errcode = '23514', constraint = 'permit_kept';
end $$;
create trigger permit_kept before delete on permit for each row execute function refuse_deleted_permit();

create table terminal_lease (
  site_id     text collate "C" not null,
  terminal_id text collate "C" not null,
  worker_id   text not null,
  -- Moves with every change of holder and with every permit given under the lease.
  version     bigint not null default 1,
  taken_at    timestamptz not null,
  primary key (site_id, terminal_id)
);

create table worker (
  site_id   text collate "C" not null,
  worker_id text collate "C" not null,
  seen_at   timestamptz not null,
  leaving   boolean not null,
  primary key (site_id, worker_id)
);
`,
};
