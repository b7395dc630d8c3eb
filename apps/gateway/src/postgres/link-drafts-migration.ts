import type { Migration } from '@kkm/postgres';

/** Link tests of settings that are not saved, also of terminals that are not saved at all: their terminal's id is empty. */
export const linkDrafts: Migration = {
  name: '0011-link-drafts',
  sql: `
    alter table gateway.terminal_request
      add column draft jsonb constraint terminal_request_draft_tested check (draft is null or kind = 'link-test'),
      add column problem text,
      add constraint terminal_request_new_is_draft check (terminal_id <> '' or draft is not null);
  `,
};
