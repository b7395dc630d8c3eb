import type { Migration } from '@kkm/postgres';

/** Whose money an attempt moves, and to which account: what the bank knew the terminal by when it was opened. */
export const bankIdentities: Migration = {
  name: '0018-bank-identities',
  sql: `
-- Null where nobody had written it down, and before that was kept.
alter table attempt add column bank jsonb;

-- Lists by account, newest first.
create index attempt_by_settlement_account on attempt ((bank #>> '{settlementAccount,number}'), payment_id)
  where operation = 'sale' and bank #>> '{settlementAccount,number}' is not null;
`,
};
