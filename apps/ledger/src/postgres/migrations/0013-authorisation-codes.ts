import type { Migration } from '@kkm/postgres';

/**
 * Payments are found by what their bank calls them. RRNs have had indexes since 0005. An amount gets none: every change of a payment would have to write it, and
 * whoever looks for one names a site and a day.
 */
export const authorisationCodes: Migration = {
  name: '0013-authorisation-codes',
  sql: `
create index attempt_by_authorisation_code on attempt (authorisation_code) where authorisation_code is not null;
create index charge_by_authorisation_code on charge (authorisation_code) where authorisation_code is not null;
`,
};
