import { newId, Rejected, Unavailable } from '@kkm/core';
import type { Attempt, CertificationPlan, KeptRequest, Payment, TerminalStanding } from '@kkm/core';
import { certificationStoreConformance } from '../../testing/certification-store-conformance';
import { samplePayment } from '../../testing/gateway-ports';
import { sampleSale } from '../../testing/ledger-records';
import { MemoryCertificationStore } from '../../testing/memory-certification-store';
import { VirtualClock } from '../../testing/worker-clock';
import type { TakePaymentRequest } from '../take-payment';
import type { TerminalAsk } from '../terminal-requests';
import { certificationTimes } from './certification-record';
import type { CertificationRecord } from './certification-record';
import { CertifyTerminal } from './certify-terminal';
import { DriveCertifications } from './drive-certifications';

describe('certifications in memory', () => certificationStoreConformance(() => new MemoryCertificationStore()));

describe('certifying a terminal', () => {
  const terminal = { siteId: 'club-1', terminalId: 'pax-1' };
  const whole: CertificationPlan = { payments: 2, methods: ['card', 'sbp_qr'], link: 'lan', amount: 100, currency: 'RUB', cablePull: false, restart: false };
  let clock: VirtualClock;
  let store: MemoryCertificationStore;
  let payments: Map<string, Payment>;
  let opened: TakePaymentRequest[];
  let cancelled: string[];
  let asked: TerminalAsk[];
  let refusal: Error | null;
  let answers: boolean;
  let standing: Partial<TerminalStanding>;
  /** What becomes of a payment that is opened. */
  let becomes: (request: TakePaymentRequest) => Partial<Payment>;
  let people: CertifyTerminal;

  const sale = (wanted: Partial<Attempt> = {}): Attempt => ({
    ...sampleSale(1, 'approved').shown,
    doubtedAt: null,
    resolvedBy: null,
    status: 'approved',
    grantedAt: '2026-11-27T09:00:00.000Z',
    finishedAt: '2026-11-27T09:00:02.000Z',
    readFailures: 0,
    ...wanted,
  });
  const given = { status: 'succeeded', chargedAmount: 100, refundedAmount: 100, attempts: [sale()] } as const satisfies Partial<Payment>;
  const driver = (): DriveCertifications =>
    new DriveCertifications({
      store,
      clock,
      log: { warn: () => undefined },
      payments: {
        open: (request) => {
          if (refusal) return Promise.reject(refusal);
          opened.push(request);
          const known = payments.get(request.idempotencyKey);
          const payment = known ?? { ...samplePayment(), id: `pay-${payments.size + 1}`, ...becomes(request) };
          payments.set(request.idempotencyKey, payment);
          return Promise.resolve({ payment, command: null, replayed: known !== undefined });
        },
      },
      ledger: {
        read: ({ by }) => {
          const found = [...payments.values()].find(({ id }) => 'paymentId' in by && id === by.paymentId);
          return found ? Promise.resolve(found) : Promise.reject(new Rejected('payment.not_found'));
        },
        cancel: ({ paymentId }) => {
          cancelled.push(paymentId);
          return Promise.reject(new Rejected('payment.not_cancellable'));
        },
      },
      requests: {
        run: (ask) => {
          asked.push(ask);
          const now = new Date(clock.wallMs()).toISOString();
          return Promise.resolve({ state: answers ? 'done' : 'failed', answeredAt: now } as KeptRequest);
        },
      },
    });
  const start = (plan: Partial<CertificationPlan> = {}): Promise<CertificationRecord> => people.start({ ...terminal, plan: { ...whole, ...plan }, by: 'Anna' });
  /** Lets time pass, each look by a driver of its own, as after a crash. */
  const drive = async (ms: number): Promise<CertificationRecord> => {
    for (const until = clock.wallMs() + ms; clock.wallMs() < until; await clock.advance(300)) await driver().look();
    return (await store.list({ ...terminal, beforeId: null, limit: 1 }))[0]!;
  };

  beforeEach(() => {
    [clock, store, payments, opened, cancelled, asked] = [new VirtualClock(), new MemoryCertificationStore(), new Map(), [], [], []];
    [refusal, answers, standing] = [null, true, {}];
    becomes = () => given;
    people = new CertifyTerminal({
      store,
      clock,
      newId: (prefix) => newId(prefix, clock.wallMs(), (bytes) => new Uint8Array(bytes)),
      ledger: {
        standing: ({ terminalId }) => Promise.resolve({ terminalId, occupantAttemptId: null, inDoubt: false, leaseHolder: null, ...standing }),
      },
    });
  });

  it('makes tests of all methods in turns, one after the other, and grades what they came to', async () => {
    await start();
    const record = await drive(5_000);
    expect(opened.map(({ purpose, method, terminalId, amount }) => [purpose, method, terminalId, amount])).toEqual([
      ['test', 'card', 'pax-1', 100],
      ['test', 'sbp_qr', 'pax-1', 100],
    ]);
    expect(record).toMatchObject({
      state: 'done',
      outcome: { graded: { grade: 'A' }, figures: { sales: 2, approved: 2, approvalMs: { p50: 2_000 } }, money: { charged: 2, returned: 2, notReturned: [] } },
    });
  });

  it('begins the next only once the money of the last is back', async () => {
    becomes = () => ({ ...given, refundedAmount: 0 });
    await start();
    expect((await drive(5_000)).stage).toMatchObject({ kind: 'payment', number: 1 });
    expect(opened).toHaveLength(1);
    const [[key, payment]] = [...payments] as [[string, Payment]];
    payments.set(key, { ...payment, refundedAmount: 100 });
    becomes = () => given;
    expect(await drive(5_000)).toMatchObject({ state: 'done', outcome: { money: { charged: 2, returned: 2 } } });
  });

  it('says which money is not back, having waited, and that the terminal must not be used', async () => {
    becomes = ({ method }) => (method === 'card' ? { ...given, refundedAmount: 0 } : given);
    await start();
    const record = await drive(certificationTimes.returnMs + 5_000);
    expect(record.outcome).toMatchObject({
      graded: { grade: 'F', because: ['money_not_returned'] },
      money: { charged: 2, returned: 1, notReturned: ['pay-1'] },
    });
  });

  it('opens a payment once, though its driver died before it could write that down', async () => {
    const record = await start();
    await driver().look();
    await store.save({ ...record, version: 2 }, clock.wallMs());
    await drive(5_000);
    expect(opened.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      `certification:${record.id}:1`,
      `certification:${record.id}:1`,
      `certification:${record.id}:2`,
    ]);
    expect(new Set(opened.slice(0, 2).map(({ asSent }) => JSON.stringify(asSent))).size).toBe(1);
    expect(payments.size).toBe(2);
  });

  it('waits for what is in doubt, and notes how long that took', async () => {
    const doubtedAt = '2026-11-27T09:00:01.000Z';
    becomes = () => ({ status: 'in_doubt', attempts: [sale({ status: 'unknown', doubtedAt, finishedAt: null })] });
    await start({ payments: 1 });
    expect((await drive(6_000)).stage).toMatchObject({ kind: 'payment', number: 1 });
    const [[key, payment]] = [...payments] as [[string, Payment]];
    payments.set(key, { ...payment, ...given, attempts: [sale({ doubtedAt, finishedAt: '2026-11-27T09:00:07.500Z' })] });
    const { figures } = (await drive(3_000)).outcome!;
    expect(figures.inDoubt).toMatchObject({ count: 1, open: 0, resolveMs: { p50: 6_500 } });
  });

  it('counts a doubt that came and went between two looks', async () => {
    becomes = () => ({ ...given, attempts: [sale({ doubtedAt: '2026-11-27T09:00:01.800Z' })] });
    await start({ payments: 1 });
    expect((await drive(5_000)).outcome!.figures.inDoubt).toMatchObject({ count: 1, open: 0, resolveMs: { p50: 200 } });
  });

  it('ends when a doubt does not, with the worst grade', async () => {
    becomes = () => ({ status: 'in_doubt', attempts: [sale({ status: 'unknown', doubtedAt: '2026-11-27T09:00:01.000Z', finishedAt: null })] });
    await start();
    const record = await drive(certificationTimes.doubtMs + 5_000);
    expect([opened.length, record.state, record.outcome?.graded?.grade]).toEqual([1, 'done', 'F']);
  });

  it('asks a person for cable and restart, and measures until the terminal answers', async () => {
    const { id } = await start({ payments: 1, cablePull: true, restart: true });
    expect((await drive(5_000)).stage).toEqual({ kind: 'prompt', number: 1, prompt: 'pull_cable' });
    await expect(people.answer(terminal, id, 2)).rejects.toMatchObject({ code: 'certification.not_asked' });
    expect((await people.answer(terminal, id, 1)).stage).toEqual({ kind: 'prompt', number: 2, prompt: 'plug_cable' });
    answers = false;
    await people.answer(terminal, id, 2);
    expect((await drive(6_000)).stage).toMatchObject({ kind: 'reconnect', after: 'cable' });
    answers = true;
    expect((await drive(3_000)).stage).toEqual({ kind: 'prompt', number: 3, prompt: 'restart_terminal' });
    await people.answer(terminal, id, 3);
    const { outcome } = await drive(5_000);
    expect(outcome?.figures.cableReconnectMs).toBeGreaterThan(5_900);
    expect(outcome?.figures.restartReconnectMs).toBeLessThan(1_000);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(asked.length);
  });

  it('gives up a terminal that does not come back', async () => {
    const { id } = await start({ payments: 1, restart: true });
    await drive(5_000);
    answers = false;
    await people.answer(terminal, id, 3);
    const record = await drive(certificationTimes.reconnectMs + 5_000);
    expect(record).toMatchObject({ state: 'done', outcome: { graded: { grade: 'E', because: ['no_reconnect'] } } });
  });

  it('stops when asked, once the payment that runs has come to rest, and gives no grade', async () => {
    becomes = () => ({ status: 'pending', attempts: [sale({ status: 'queued' })] });
    const { id } = await start();
    await drive(1_000);
    await people.stop(terminal, id);
    expect(await drive(1_000)).toMatchObject({ state: 'running', stopping: true });
    expect(new Set(cancelled)).toEqual(new Set(['pay-1']));
    const [[key, payment]] = [...payments] as [[string, Payment]];
    payments.set(key, { ...payment, ...given });
    expect(await drive(2_000)).toMatchObject({ state: 'stopped', outcome: { graded: null, money: { charged: 1, returned: 1 } } });
    expect(opened).toHaveLength(1);
  });

  it('goes on after an outage, and ends with the code when a test is refused', async () => {
    refusal = new Unavailable('ledger.unavailable');
    await start();
    expect(await drive(3_000)).toMatchObject({ state: 'running', refusal: null });
    refusal = new Rejected('sbp.not_offered');
    expect(await drive(25_000)).toMatchObject({ state: 'stopped', refusal: 'sbp.not_offered', outcome: { graded: null } });
  });

  it('runs once at a time on a terminal, and not beside a payment', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'certification.running' });
    standing = { occupantAttemptId: 'att-1' };
    await expect(start()).rejects.toMatchObject({ code: 'equipment.terminal_busy' });
    standing = { occupantAttemptId: 'att-1', inDoubt: true };
    await expect(start()).rejects.toMatchObject({ code: 'terminal.in_doubt' });
  });

  it('is compared with the terminal’s earlier graded ones', async () => {
    await start();
    const first = await drive(5_000);
    const { id } = await start();
    await people.stop(terminal, id);
    await drive(5_000);
    await start();
    const third = await drive(5_000);
    expect((await people.earlier(third)).map((record) => record.id)).toEqual([first.id]);
  });
});
