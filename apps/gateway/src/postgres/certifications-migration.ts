import type { Migration } from '@kkm/postgres';

/** Certifications of terminals. One runs at a time on a terminal: two would take each other's cards. */
export const certificationsMigration: Migration = {
  name: '0010-certifications',
  sql: `
    create table gateway.certification (
      id text collate "C" primary key,
      site_id text not null,
      terminal_id text not null,
      state text not null constraint certification_state_known check (state in ('running', 'done', 'stopped')),
      body jsonb not null,
      version integer not null,
      due_at timestamptz
    );
    create unique index one_running_certification_per_terminal on gateway.certification (site_id, terminal_id) where state = 'running';
    create index certification_of_terminal on gateway.certification (site_id, terminal_id, id);
    create index certification_due on gateway.certification (due_at) where state = 'running' and due_at is not null;
  `,
};
