import type { Migration } from '@kkm/postgres';

/** Operations of a report are looked up by RRN; those of returns that were approved late are kept apart from their attempts. */
export const returnRrns: Migration = {
  name: '0010-return-rrns',
  sql: `
create index return_rrn on charge_return (rrn) where surfaced;
`,
};
