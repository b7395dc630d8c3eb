import type { Migration } from '@kkm/postgres';

/** The attempt that follows when a guest changes over to the other method (design-money, clause 20). */
export const changeOver: Migration = {
  name: '0012-switch',
  sql: `
-- The bank whose QR is to follow; null where the next attempt goes through the terminal, or none follows.
alter table payment add column switch_bank text constraint switch_bank_known check (switch_bank in ('raiffeisen', 'tkassa'));

-- A sale that nobody asked for by a request of its own: no caller gets its command, so the ledger sends it.
alter table attempt add column ledger_sends boolean not null default false;
create index attempt_to_send on attempt (id) where ledger_sends and status = 'queued';
`,
};
