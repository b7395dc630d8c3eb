import type { Migration } from '@kkm/postgres';

/** The history of settings becomes readable: who by name, whether a secret went with it, what was taken back. And a terminal carries what the bank knows it by. */
export const settingChanges: Migration = {
  name: '0009-setting-changes',
  sql: `
    alter table gateway.settings_history rename to setting_change;
    alter table gateway.setting_change rename column by_key to by_id;
    alter table gateway.setting_change
      add column by_kind text not null default 'api_key' constraint setting_change_by_known check (by_kind in ('api_key', 'user', 'door')),
      add column by_name text not null default '',
      add column secret_changed boolean not null default false,
      add column undoes bigint constraint setting_change_undone references gateway.setting_change (id);
    alter table gateway.setting_change
      add constraint setting_change_kind_known check (kind in ('site', 'register', 'terminal', 'terminal_profile', 'sbp_account')),
      add constraint setting_change_changes check (before is not null or after is not null);
    update gateway.setting_change set by_kind = 'door', by_name = 'KkmServer' where by_id = 'kkmserver';
    update gateway.setting_change set by_name = k.name from gateway.api_key k where k.id = by_id;
    update gateway.setting_change set secret_changed = true
      where kind = 'register' and 'true' in (before->'fiscal'->>'passwordSet', after->'fiscal'->>'passwordSet');
    create unique index setting_change_undone_once on gateway.setting_change (undoes) where undoes is not null;
    create index setting_change_of_entry on gateway.setting_change (kind, entry_id, id);
    create index setting_change_of_site on gateway.setting_change (site_id, id);
    drop index gateway.settings_history_of_entry;
    alter table gateway.terminal
      add column bank jsonb not null default '{"terminalId": null, "merchantId": null, "legalEntity": null, "settlementAccount": null}'
        constraint terminal_bank_known check (bank ?& array['terminalId', 'merchantId', 'legalEntity', 'settlementAccount']);
  `,
};
