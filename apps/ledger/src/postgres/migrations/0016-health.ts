import type { Migration } from '@kkm/postgres';

/** What a terminal's health is told from, and what a payment is for. */
export const health: Migration = {
  name: '0016-health',
  sql: `
-- A test takes nobody's money for good: what it is charged is given back at once.
alter table payment add column purpose text not null default 'sale' constraint payment_purpose_known check (purpose in ('sale', 'test'));

-- When the attempt was first in doubt; null when it never was, or before that was written down.
alter table attempt add column doubted_at timestamptz;

-- Health reads the sales that were sent to one terminal in a period: this index holds all it needs of them.
create index attempt_health on attempt (site_id, terminal_id, granted_at)
  include (status, reason, money_path, read_failures, finished_at, doubted_at) where operation = 'sale' and granted_at is not null;

-- The link as the worker with the lease last told it, and since when it is so.
alter table terminal_lease
  add column link       text constraint terminal_link_known check (link in ('up', 'down')),
  add column link_since timestamptz;
`,
};
