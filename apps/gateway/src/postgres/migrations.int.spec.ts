import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import type { Sql } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { gatewayMigrations } from './migrations';

/** The last column is missing. */
const parkedRow = `insert into gateway.parked_message (id, fingerprint, reason, parked_at, size, headers, body, body_form, is_body_cut, not_replayable) values ('m', sha256('m'), 'r', now(), 1, '{}', '{}', 'json', false,`;

describeWith(['database'], 'the gateway’s migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sql: Sql;
  const run = (text: string) => sql.run({ name: '', text });
  const refusal = async (text: string): Promise<string> => {
    try {
      await run(text);
      return 'none';
    } catch (error) {
      return (error as { readonly constraint?: string }).constraint ?? String(error);
    }
  };
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'migrations-test' });
    sql = sqlOf(dataSource);
    // Rows from before the second migration.
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations.slice(0, 1) });
    await run(`insert into gateway.site (id, name) values ('a', 'A'), ('b', 'B')`);
    await run(`insert into gateway.terminal_profile (id, name, driver, settings) values ('p', 'P', 'd', '{}')`);
    const columns = 'site_id, id, name, driver, transport, profile_id, profile, read_attempts_max, enabled, num_device, revision';
    await run(
      `insert into gateway.terminal (${columns}) values ('a', 't', 'T', 'd', '{}', 'p', '{}', 3, true, 1, 1), ('b', 't', 'T', 'd', '{}', null, '{}', 3, true, 1, 1)`,
    );
    await run(`insert into gateway.register (site_id, id, name, num_device, acquiring_option, acquiring_terminal_id) values ('a', 'r', 'R', 1, 'card', 't')`);
    await run(`insert into gateway.settings_history (by_key, kind, site_id, entry_id, before, after) values
      ('kkmserver', 'register', 'a', 'r', '{"fiscal": {"passwordSet": true}}', '{"fiscal": {"passwordSet": false}}'), ('key_x', 'site', 'a', 'a', null, '{}')`);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  it('keep the rows from before, and are applied once', async () => {
    expect(await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations })).toEqual(gatewayMigrations.slice(1).map(({ name }) => name));
    expect(await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations })).toEqual([]);
    expect(await sql.rows({ name: '', text: 'select distinct late_approval from gateway.site' })).toEqual([{ late_approval: 'keep' }]);
    expect(await sql.rows({ name: '', text: 'select unit_name, enabled, on_receipt_failure, settle_on_close_shift, fiscal from gateway.register' })).toEqual([
      { unit_name: null, enabled: true, on_receipt_failure: 'keep', settle_on_close_shift: false, fiscal: { mode: 'none' } },
    ]);
    expect(await sql.rows({ name: '', text: 'select by_kind, by_id, by_name, kind, secret_changed, undoes from gateway.setting_change order by id' })).toEqual([
      { by_kind: 'door', by_id: 'kkmserver', by_name: 'KkmServer', kind: 'register', secret_changed: true, undoes: null },
      { by_kind: 'api_key', by_id: 'key_x', by_name: '', kind: 'site', secret_changed: false, undoes: null },
    ]);
    expect(await sql.rows({ name: '', text: `select distinct bank->'settlementAccount' as account from gateway.terminal` })).toEqual([{ account: null }]);
    expect(await sql.rows({ name: '', text: 'select s.id from gateway.site s join gateway.terminal t on t.site_id = s.id order by s.id' })).toEqual([
      { id: 'a' },
      { id: 'b' },
    ]);
  });

  it.each([
    ['a register on a terminal of another site', `update gateway.register set acquiring_terminal_id = 'x'`, 'register_terminal'],
    ['automatic acquiring without a terminal', 'update gateway.register set acquiring_terminal_id = null', 'register_terminal_named'],
    ['an option nobody knows', `update gateway.register set acquiring_option = 'cash'`, 'register_acquiring_option_check'],
    ['the deletion of a terminal that a register names', `delete from gateway.terminal where site_id = 'a'`, 'register_terminal'],
    ['the deletion of a profile in use', 'delete from gateway.terminal_profile', 'terminal_profile_used'],
    ['the deletion of a site in use', `delete from gateway.site where id = 'b'`, 'terminal_site'],
    ['eleven card reads', 'update gateway.terminal set read_attempts_max = 11', 'terminal_read_attempts_max_check'],
    [
      'the same number twice',
      `insert into gateway.register (site_id, id, name, num_device, acquiring_option) values ('a', 'r2', 'R', 1, 'none')`,
      'register_num_device',
    ],
    ['a policy for late approvals nobody knows', `update gateway.site set late_approval = 'ask'`, 'site_late_approval_known'],
    ['a fiscal side nobody knows', `update gateway.register set fiscal = '{"mode": "print"}'`, 'register_fiscal_known'],
    ['a register elsewhere without its address', `update gateway.register set fiscal = '{"mode": "forward", "login": "User"}'`, 'register_fiscal_known'],
    ['no fiscal side at all', `update gateway.register set fiscal = '{}'`, 'register_fiscal_known'],
    ['an end of failed receipts nobody knows', `update gateway.register set on_receipt_failure = 'ask'`, 'register_receipt_failure_known'],
    ['a bank identity of half its members', `update gateway.terminal set bank = '{"terminalId": null}'`, 'terminal_bank_known'],
    [
      'a settlement by settings that are not saved',
      `insert into gateway.terminal_request (id, site_id, terminal_id, kind, detailed, state, asked_by, asked_at, expires_at, draft)
        values ('q', 'a', 't', 'settle', false, 'asked', 'x', now(), now(), '{}')`,
      'terminal_request_draft_tested',
    ],
    [
      'a test of no terminal without settings',
      `insert into gateway.terminal_request (id, site_id, terminal_id, kind, detailed, state, asked_by, asked_at, expires_at)
        values ('q', 'a', '', 'link-test', false, 'asked', 'x', now(), now())`,
      'terminal_request_new_is_draft',
    ],
    [
      'a change of what KKM has not',
      `insert into gateway.setting_change (by_id, kind, entry_id, after) values ('k', 'printer', 'x', '{}')`,
      'setting_change_kind_known',
    ],
    ['a change from nothing to nothing', `insert into gateway.setting_change (by_id, kind, entry_id) values ('k', 'site', 'x')`, 'setting_change_changes'],
    [
      'the same change taken back twice',
      `insert into gateway.setting_change (by_id, kind, entry_id, after, undoes) values ('k', 'site', 'x', '{}', 1), ('k', 'site', 'x', '{}', 1)`,
      'setting_change_undone_once',
    ],
    [
      'a parked message settled by nobody',
      `${parkedRow} 'not_json'); update gateway.parked_message set state = 'dismissed', dismiss_reason = 'x', settled_at = now()`,
      'parked_message_settled',
    ],
    [
      'a parked message dismissed for no reason',
      `${parkedRow} 'not_json'); update gateway.parked_message set state = 'dismissed', settled_at = now(), settled_by_kind = 'user', settled_by_id = 'u', settled_by_name = 'U'`,
      'parked_message_dismissed',
    ],
    [
      'the replay of a parked message that must not be sent',
      `${parkedRow} 'not_trusted'); update gateway.parked_message set state = 'replayed', settled_at = now(), settled_by_kind = 'user', settled_by_id = 'u', settled_by_name = 'U'`,
      'parked_message_replayable',
    ],
    ['a parked message that goes nowhere and could be sent', `${parkedRow} null)`, 'parked_message_sendable'],
    ['the same parked message open twice', `${parkedRow} 'no_origin'); ${parkedRow.replace("'m'", "'n'")} 'no_origin')`, 'parked_message_once'],
    ['a key without scopes', `insert into gateway.api_key (id, name, scopes, hint, hash) values ('k', 'K', '{}', 'x', sha256('a'))`, 'api_key_scopes_check'],
    [
      'a key that is not hashed',
      `insert into gateway.api_key (id, name, scopes, hint, hash) values ('k', 'K', '{admin}', 'x', 'kkm_secret')`,
      'api_key_hash_check',
    ],
  ])('refuse %s', async (_what, text, constraint) => {
    expect(await refusal(text)).toBe(constraint);
  });
});
