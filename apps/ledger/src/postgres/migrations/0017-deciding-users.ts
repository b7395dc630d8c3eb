import type { Migration } from '@kkm/postgres';

/** An attempt in doubt may be decided by a user who is signed in, not by an API key alone (ADR 0017). */
export const decidingUsers: Migration = {
  name: '0017-deciding-users',
  sql: `
alter table resolution drop constraint decider_known, add constraint decider_known check (by_kind in ('api_key', 'user'));
`,
};
