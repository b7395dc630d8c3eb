import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import type { Sql } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { ledgerMigrations, ledgerSchema } from './migrations';

describeWith(['database'], 'the ledger’s migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sql: Sql;
  const rows = <Row extends object>(text: string): Promise<Row[]> => sql.rows<Row>({ name: '', text });
  const upTo = (name: string) => migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations.filter((one) => one.name < name) });
  beforeEach(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'migrations-test' });
    sql = sqlOf(dataSource);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  it('make money that had surfaced before 0006 due, and leave other payments as they were', async () => {
    await upTo('0006');
    const payment = (id: string, status: string, late: number): string => `('${id}', 'club-1', '${id}', 'pax-1', 100, 'RUB', 'card', '${status}',
      ${status === 'succeeded' ? 100 : 0}, true, ${late}, 3, '{}', now(), now(), now())`;
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, charged_minor, order_exclusive, surfaced_undecided, sequence,
      metadata, created_at, updated_at, expires_at) values ${payment('late', 'declined', 2)}, ${payment('kept', 'succeeded', 0)}`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, expires_at, created_at)
      select 'att-' || id, id, 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, case id when 'late' then 'declined' else 'approved' end, now(), now() from ledger.payment`);
    await rows(`insert into ledger.charge (payment_id, attempt_id, result_id, amount_minor, facts, surfaced, disposition) values
      ('late', 'att-late', 'res-1', 100, '{}', true, 'undecided'), ('late', 'att-late', 'res-2', 90, '{}', true, 'undecided'), ('kept', 'att-kept', 'res-3', 100, '{}', false, 'kept')`);
    await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations });
    expect(await rows('select id, late_approval, surfaced_minor::int, decide_at <= now() as due from ledger.payment order by id')).toEqual([
      { id: 'kept', late_approval: 'keep', surfaced_minor: 0, due: null },
      { id: 'late', late_approval: 'keep', surfaced_minor: 190, due: true },
    ]);
    expect(await rows(`select count(*)::int as sales from ledger.attempt where operation = 'sale' and original_result_id is null`)).toEqual([{ sales: 2 }]);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toEqual([]);
  });

  it('let nothing follow payments from before 0012, and send for none of their sales', async () => {
    await upTo('0012');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card_or_sbp_qr', 'pending', true, 3, '{}', now(), now(), now())`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, expires_at, created_at)
      values ('att-old', 'old', 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, 'queued', now(), now())`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0012-switch');
    expect(await rows('select p.switch_bank, a.ledger_sends from ledger.payment p join ledger.attempt a on a.payment_id = p.id')).toEqual([
      { switch_bank: null, ledger_sends: false },
    ]);
    await expect(rows(`update ledger.payment set switch_bank = 'another'`)).rejects.toThrow(/switch_bank_known/);
  });

  it('find payments from before 0013 by what their bank called them', async () => {
    await upTo('0013');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card', 'succeeded', true, 3, '{}', now(), now(), now())`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, rrn, authorisation_code, expires_at, created_at)
      values ('att-old', 'old', 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, 'approved', '1', 'A1', now(), now())`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0013-authorisation-codes');
    expect(await rows(`select id, authorisation_code from ledger.attempt`)).toEqual([{ id: 'att-old', authorisation_code: 'A1' }]);
    expect(await rows(`select indexname from pg_indexes where schemaname = 'ledger' and indexdef like '%(authorisation_code)%' order by 1`)).toEqual([
      { indexname: 'attempt_by_authorisation_code' },
      { indexname: 'charge_by_authorisation_code' },
    ]);
  });

  it('let a cancel key only cancel payments from before 0014', async () => {
    await upTo('0014');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card_or_sbp_qr', 'pending', true, 3, '{}', now(), now(), now())`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0014-guest-switch');
    expect(await rows('select guest_bank, guest_window_ms from ledger.payment')).toEqual([{ guest_bank: null, guest_window_ms: null }]);
    await expect(rows(`update ledger.payment set guest_bank = 'another'`)).rejects.toThrow(/guest_bank_known/);
  });

  it('leave events from before 0015 as they were, with a place to read on from', async () => {
    await upTo('0015');
    await rows(
      `insert into ledger.event (epoch, event_id, site_id, subject, routing_key, body) values (1, 'evt_old', 'club-1', 'pay_old', 'club-1.payment.succeeded', '{}')`,
    );
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0015-webhooks');
    expect(await rows('select count(*)::int as deliveries, (select count(*)::int from ledger.event) as events from ledger.webhook_delivery')).toEqual([
      { deliveries: 0, events: 1 },
    ]);
    expect(await rows('select epoch, id from ledger.webhook_reader')).toEqual([{ epoch: 1, id: 999_999_999_999_999 }]);
  });

  it('make sales of payments from before 0016, and know of no doubt and no link', async () => {
    await upTo('0016');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card', 'in_doubt', true, 3, '{}', now(), now(), now())`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, expires_at, created_at, granted_at)
      values ('att-old', 'old', 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, 'unknown', now(), now(), now())`);
    await rows(`insert into ledger.terminal_lease (site_id, terminal_id, worker_id, taken_at) values ('club-1', 'pax-1', 'worker-1', now())`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0016-health');
    expect(
      await rows('select p.purpose, a.doubted_at, l.link from ledger.payment p join ledger.attempt a on a.payment_id = p.id, ledger.terminal_lease l'),
    ).toEqual([{ purpose: 'sale', doubted_at: null, link: null }]);
    await expect(rows(`update ledger.payment set purpose = 'another'`)).rejects.toThrow(/payment_purpose_known/);
    await expect(rows(`update ledger.terminal_lease set link = 'another'`)).rejects.toThrow(/terminal_link_known/);
  });

  it('know no bank identity of attempts from before 0018, and find later ones by their account', async () => {
    await upTo('0018');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card', 'pending', true, 3, '{}', now(), now(), now())`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, expires_at, created_at)
      values ('att-old', 'old', 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, 'queued', now(), now())`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0018-bank-identities');
    expect(await rows('select bank from ledger.attempt')).toEqual([{ bank: null }]);
    expect(await rows(`select indexname from pg_indexes where schemaname = 'ledger' and indexdef like '%settlementAccount%'`)).toEqual([
      { indexname: 'attempt_by_settlement_account' },
    ]);
  });

  it('know of no restore in books from before 0019, and let whoever restores say it once', async () => {
    await upTo('0019');
    await rows(`insert into ledger.event (epoch, event_id, site_id, subject, routing_key, body) values (1, 'evt_old', 'club-1', 'pay_old', 'x', '{}')`);
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0019-after-restore');
    expect(await rows('select (select count(*)::int from ledger.restore) as restores, epoch from ledger.feed_epoch')).toEqual([{ restores: 0, epoch: 1 }]);
    expect(await rows('select ledger.begin_after_restore() as restore')).toEqual([{ restore: 1 }]);
    expect(await rows('select epoch, backed_up_at <= restored_at as older from ledger.feed_epoch, ledger.restore')).toEqual([{ epoch: 2, older: true }]);
    await expect(
      rows(`insert into ledger.terminal_after_restore (site_id, terminal_id, restore_id, state) values ('club-1', 'pax-1', 1, 'released')`),
    ).rejects.toThrow(/release_has_a_reason/);
    await expect(
      rows(`insert into ledger.terminal_after_restore (site_id, terminal_id, restore_id, state) values ('club-1', 'pax-1', 1, 'fine')`),
    ).rejects.toThrow(/after_restore_state_known/);
    const charge = `'club-1', 'pax-1', '1', now(), now()`;
    await expect(rows(`insert into ledger.found_charge (site_id, terminal_id, rrn, found_at, decided_at) values (${charge})`)).rejects.toThrow(
      /assignment_has_a_reason/,
    );
  });

  it('leave payments from before 0011 without a QR and without a change of method', async () => {
    await upTo('0011');
    await rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      values ('old', 'club-1', 'old', 'pax-1', 100, 'RUB', 'card', 'in_doubt', true, 3, '{}', now(), now(), now())`);
    await rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, qr_payload, expires_at, created_at)
      values ('att-old', 'old', 1, 'sale', 'card', 'terminal', 'club-1', 'pax-1', 100, 'unknown', 'https://qr.nspk.ru/AD10', now(), now())`);
    await rows(
      `insert into ledger.evidence (attempt_id, seq, kind, asked, said, at, last_at) values ('att-old', 1, 'report', 'sale', 'nothing', now(), now())`,
    );
    expect(await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations })).toContain('0011-sbp');
    expect(await rows('select switch_to, switch_window_ms, (select count(*)::int from ledger.qr) as qrs from ledger.payment')).toEqual([
      { switch_to: null, switch_window_ms: null, qrs: 0 },
    ]);
    await rows(`insert into ledger.evidence (attempt_id, seq, kind, asked, said, at, last_at) values ('att-old', 2, 'bank', 'status', 'paid', now(), now())`);
    await rows(`update ledger.attempt set status = 'failed' where id = 'att-old'`);
    await expect(
      rows(`insert into ledger.evidence (attempt_id, seq, kind, asked, said, at, last_at) values ('att-old', 3, 'rumour', '', '', now(), now())`),
    ).rejects.toThrow(/evidence_kind_known/);
  });
});
