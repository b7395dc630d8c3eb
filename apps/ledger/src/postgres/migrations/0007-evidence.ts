import type { Migration } from '@kkm/postgres';

/** What terminals and people said about attempts, for a person who has to decide or to answer a guest. */
export const evidence: Migration = {
  name: '0007-evidence',
  sql: `
create table evidence (
  attempt_id text collate "C" not null references attempt,
  seq        integer not null,
  kind       text not null constraint evidence_kind_known check (kind in ('answer', 'link-test', 'last-result', 'report', 'person')),
  asked      text not null,
  said       text not null,
  rrn        text,
  at         timestamptz not null,
  -- How often it was heard, and when last: a terminal that is asked for hours mostly repeats itself.
  times      integer not null default 1,
  last_at    timestamptz not null,
  constraint evidence_numbered_once primary key (attempt_id, seq)
);

-- What was said stays as it was said; only that it was said again may be added.
create function refuse_changed_evidence() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.times = old.times + 1 and new.last_at >= old.last_at
     and row(new.attempt_id, new.seq, new.kind, new.asked, new.said, new.rrn, new.at)
       is not distinct from row(old.attempt_id, old.seq, old.kind, old.asked, old.said, old.rrn, old.at) then
    return new;
  end if;
  raise exception 'evidence about attempt % is never changed', old.attempt_id
    using errcode = '23514', constraint = 'evidence_immutable';
end $$;
create trigger evidence_immutable before update or delete on evidence for each row execute function refuse_changed_evidence();
`,
};
