import type { Migration } from '@kkm/postgres';

/** The terminal answered for an attempt that a person had decided, and its answer settles nothing (design-money, clause 9). */
export const answersInVain: Migration = {
  name: '0009-answers-in-vain',
  sql: `
alter table errand add column answered_in_vain boolean not null default false;
`,
};
