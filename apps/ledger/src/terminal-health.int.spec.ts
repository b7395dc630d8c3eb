import { permitTimes } from '@kkm/core';
import type { HealthRequest, Outcome, PaymentCommand } from '@kkm/core';
import { ReadTerminalHealth } from '@kkm/flow/ledger';
import { sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { healthReader } from './postgres/terminal-health';
import { approved, cancelled, declined, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

const eightMs = Date.parse('2026-11-27T08:00:00Z');
const minuteMs = 60_000;
const many = 20_000;

describeWith(['database'], 'a terminal’s health', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let reading: ReadTerminalHealth;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url, { nowMs: eightMs });
    reading = new ReadTerminalHealth(healthReader(sqlOf(ledger.dataSource)), { nowMs: () => ledger.clock.nowMs, times: permitTimes });
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });

  const health = (terminalId: string, wanted: Partial<HealthRequest> = {}) =>
    reading.execute({ siteId: 'club-1', terminalId, from: '2026-11-27T00:00:00Z', to: '2026-11-28T00:00:00Z', bucket: 'hour', ...wanted });

  /** A sale that takes its time. */
  async function sell(terminalId: string, outcome: Outcome, told: { readonly ms: number; readonly readFailures?: number }): Promise<PaymentCommand> {
    const command = await ledger.open({ terminalId });
    const nonce = await ledger.grant(command);
    ledger.clock.nowMs += told.ms;
    await ledger.recording.execute(ledger.result(command, nonce, outcome, { readFailures: told.readFailures ?? 0 }));
    return command;
  }

  it('of one that nobody ever heard of is empty', async () => {
    expect(await health('pax-unheard')).toMatchObject({
      now: { worker: null, link: 'unknown', busy: null, inDoubt: false, lastAnswerAt: null },
      total: { sales: 0, readFailureRate: null, approvalMs: null, failures: [], inDoubt: { count: 0, open: 0, resolveMs: null } },
      buckets: [],
    });
  });

  it('counts what became of its sales, by the hour and in all', async () => {
    ledger.clock.nowMs = eightMs;
    for (const ms of [1_000, 2_000, 3_000]) await sell('pax-1', approved(), { ms, readFailures: ms === 3_000 ? 2 : 0 });
    await sell('pax-2', declined, { ms: 100 });
    ledger.clock.nowMs = eightMs + 61 * minuteMs;
    await sell('pax-1', declined, { ms: 100 });
    await sell('pax-1', declined, { ms: 100 });
    await sell('pax-1', cancelled, { ms: 100 });
    const { total, buckets, now } = await health('pax-1');
    expect(total).toMatchObject({ sales: 6, approved: 3, declined: 2, cancelled: 1, failed: 0, readFailures: 2, readFailureRate: 0.25 });
    expect([total.approvalMs, total.failures]).toEqual([
      { p50: 2_000, p95: 2_900 },
      [
        { reason: 'insufficient_funds', count: 2 },
        { reason: 'customer_cancelled', count: 1 },
      ],
    ]);
    expect(buckets).toMatchObject([
      { from: '2026-11-27T08:00:00.000Z', sales: 3, approved: 3, readFailures: 2, failures: [] },
      { from: '2026-11-27T09:00:00.000Z', sales: 3, approved: 0, approvalMs: null, readFailures: 0 },
    ]);
    expect(now.lastAnswerAt).toBe(new Date(ledger.clock.nowMs).toISOString());
    expect((await health('pax-1', { bucket: 'day' })).buckets).toMatchObject([{ from: '2026-11-27T00:00:00.000Z', sales: 6 }]);
    expect((await health('pax-1', { from: '2026-11-27T09:00:00Z' })).total.sales).toBe(3);
  });

  it('tells what it is at, what it is in doubt about, and how long doubts lasted', async () => {
    ledger.clock.nowMs = eightMs;
    const busy = await ledger.open({ terminalId: 'pax-3', purpose: 'test' });
    const nonce = await ledger.grant(busy);
    const at = { paymentId: busy.paymentId, attemptId: busy.attemptId, operation: 'sale', purpose: 'test', since: '2026-11-27T08:00:00.000Z' };
    expect((await health('pax-3')).now).toMatchObject({ busy: at, inDoubt: false });
    ledger.clock.nowMs += minuteMs;
    await ledger.recording.execute(ledger.result(busy, nonce, unknown));
    expect(await health('pax-3')).toMatchObject({ now: { busy: at, inDoubt: true }, total: { sales: 1, inDoubt: { count: 1, open: 1, resolveMs: null } } });
    ledger.clock.nowMs += 30_000;
    await ledger.recording.execute(ledger.result(busy, nonce, approved(), { source: 'recovery' }));
    const { now, total } = await health('pax-3');
    expect([now.busy, now.inDoubt, total.inDoubt, total.approved]).toEqual([null, false, { count: 1, open: 0, resolveMs: { p50: 30_000, p95: 30_000 } }, 1]);
  });

  it('has the link as the worker with the lease tells it, while that is heard', async () => {
    ledger.clock.nowMs = eightMs;
    const beat = (linkedTerminalIds?: readonly string[], workerId = 'worker-1') =>
      ledger.heartbeats.execute({ workerId, siteId: 'club-1', terminalIds: ['pax-4'], linkedTerminalIds, driving: [], leaving: false });
    const link = async () => {
      const { now } = await health('pax-4');
      return [now.link, now.linkSince];
    };
    await ledger.leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId: 'pax-4' });
    await beat();
    expect(await link()).toEqual(['unknown', null]);
    await beat(['pax-4']);
    expect(await link()).toEqual(['up', '2026-11-27T08:00:00.000Z']);
    ledger.clock.nowMs += 5_000;
    await beat(['pax-4']);
    await beat([], 'worker-2');
    expect(await link()).toEqual(['up', '2026-11-27T08:00:00.000Z']);
    await beat([]);
    expect(await link()).toEqual(['down', '2026-11-27T08:00:05.000Z']);
    expect((await health('pax-4')).now.worker).toEqual({ id: 'worker-1', since: '2026-11-27T08:00:00.000Z', seenAt: '2026-11-27T08:00:05.000Z' });
    ledger.clock.nowMs += permitTimes.memberMs + 1;
    expect(await link()).toEqual(['unknown', null]);
  });

  it('is read by an index that holds all it counts, out of many attempts', async () => {
    await ledger.rows(`insert into ledger.payment (id, site_id, order_id, terminal_id, amount_minor, currency, method, status, order_exclusive, sequence, metadata, created_at, updated_at, expires_at)
      select 'many-' || n, 'club-1', 'many-' || n, 'many-' || n % 20, 100, 'RUB', 'card', 'declined', true, 3, '{}', now(), now(), now() from generate_series(1, ${many}) n`);
    await ledger.rows(`insert into ledger.attempt (id, payment_id, number, operation, method, money_path, site_id, terminal_id, amount_minor, status, reason, expires_at, created_at, granted_at, finished_at)
      select 'many-' || n, 'many-' || n, 1, 'sale', 'card', 'terminal', 'club-1', 'many-' || n % 20, 100, 'declined', 'do_not_honour', now(), now(),
        timestamptz '2026-11-27 00:00Z' + n * interval '4 s', timestamptz '2026-11-27 00:00Z' + n * interval '4 s' from generate_series(1, ${many}) n`);
    await ledger.rows('vacuum analyze ledger.attempt');
    const plan = await ledger.rows<{ 'QUERY PLAN': string }>(
      `explain select status, reason, read_failures, money_path, finished_at, doubted_at from ledger.attempt where site_id = 'club-1' and terminal_id = 'many-1'
        and operation = 'sale' and granted_at is not null and granted_at >= '2026-11-27 00:00Z' and granted_at < '2026-12-01 00:00Z'`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Only Scan using attempt_health');
    expect((await health('many-1', { to: '2026-12-01T00:00:00Z' })).total.sales).toBe(many / 20);
  });
});
