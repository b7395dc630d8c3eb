import type { Migration } from '@kkm/postgres';

/** The QR that a guest changes over to by the terminal's cancel key (design-money, clause 20). */
export const guestSwitch: Migration = {
  name: '0014-guest-switch',
  sql: `
-- Null where that key only cancels.
alter table payment add column guest_bank text constraint guest_bank_known check (guest_bank in ('raiffeisen', 'tkassa')),
  add column guest_window_ms integer;
`,
};
