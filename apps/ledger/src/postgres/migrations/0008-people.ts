import type { Migration } from '@kkm/postgres';

/** What people decide: attempts in doubt (design-money, clause 9), and that a payment is closed (clause 17). */
export const people: Migration = {
  name: '0008-people',
  sql: `
create table resolution (
  attempt_id     text collate "C" constraint resolved_once primary key references attempt,
  payment_id     text collate "C" not null references payment,
  -- Names the decision; the charge that it made bears it too.
  result_id      text collate "C" not null,
  by_kind        text not null constraint decider_known check (by_kind in ('api_key')),
  by_id          text not null,
  by_name        text not null,
  charged        boolean not null,
  charged_minor  bigint not null,
  evidence       text not null constraint decided_with_evidence check (evidence <> ''),
  decided_at     timestamptz not null,
  -- The terminal's own first answer; null until it has given one.
  answered_at    timestamptz,
  outcome        text constraint terminal_outcome_known check (outcome in ('approved', 'declined', 'cancelled', 'failed')),
  answered_minor bigint,
  agrees         boolean,
  facts          json,
  answer         json,
  constraint decision_and_amount check (charged = (charged_minor > 0)),
  constraint answer_whole check (num_nulls(answered_at, outcome, answered_minor, agrees, facts, answer) in (0, 6))
);
-- What recovery still has to ask terminals about.
create index resolution_awaiting on resolution (decided_at) where answered_at is null;

-- Neither the person nor the terminal is ever overwritten; the terminal's answer is added once.
create function refuse_changed_resolution() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.answered_at is null
     and row(new.attempt_id, new.payment_id, new.result_id, new.by_kind, new.by_id, new.by_name, new.charged, new.charged_minor, new.evidence, new.decided_at)
       is not distinct from row(old.attempt_id, old.payment_id, old.result_id, old.by_kind, old.by_id, old.by_name, old.charged, old.charged_minor, old.evidence, old.decided_at) then
    return new;
  end if;
  raise exception 'the decision about attempt % is never changed', old.attempt_id
    using errcode = '23514', constraint = 'resolution_immutable';
end $$;
create trigger resolution_immutable before update or delete on resolution for each row execute function refuse_changed_resolution();

create index charge_surfaced on charge (payment_id, id) where surfaced;

-- One entry per payment, made when it ends and gone when it is closed.
create index payment_to_close on payment (updated_at)
  where closed_at is null and status in ('succeeded', 'declined', 'cancelled', 'expired', 'failed');
`,
};
