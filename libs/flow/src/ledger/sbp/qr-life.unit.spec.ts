import type { QrDisplay } from '@kkm/core';
import { MemoryLedgerStore } from '../../testing/memory-ledger-store';
import { MemorySbpBank } from '../../testing/memory-sbp-bank';
import { StoreOnTrial } from '../../testing/store-on-trial';
import { CancelPayment } from '../cancel-payment';
import { Heartbeat } from '../lease-terminal';
import { OpenPayment } from '../open-payment';
import { attemptOf, showPayment } from '../records';
import { RedoPayment } from '../redo-payment';
import { AskForQr } from './ask-for-qr';
import { HearNotification } from './hear-notification';
import { sbpTimes } from './sbp-bank';
import { WatchQrs } from './watch-qrs';

const rules = { unique: [], checks: [], triggers: new Map() };
const bankQr = { by: 'bank_qr', windowSeconds: 180 } as const;

/** A payment by a bank's QR whose permit a worker has. */
async function granted(lateApproval: 'keep' | 'void' = 'keep') {
  const bank = new MemorySbpBank();
  const store = new MemoryLedgerStore({ rules });
  const trial = new StoreOnTrial(store, 'q');
  const { around } = trial;
  const told: string[] = [];
  const ports = { store, around, hints: { changed: ({ attemptId }: { readonly attemptId: string }) => told.push(attemptId) } };
  const watching = new WatchQrs({ ...ports, qrs: store, watch: { asked: () => undefined, failed: fail } }, bank.banks());
  const asking = new AskForQr(ports, bank.banks());
  const request = {
    idempotency: { key: 'k', fingerprint: 'f' },
    siteId: 'club-1',
    orderId: 'bill-1',
    registerId: null,
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'sbp_qr',
    sbp: bankQr,
    expiresInSeconds: 180,
    additional: false,
    lateApproval,
    metadata: {},
  } as const;
  const { command } = await new OpenPayment(store, around, bank.banks()).execute(request);
  if (!command) throw new RangeError('nothing to do');
  const nonce = await trial.grant(command);
  const { attemptId, paymentId } = command;
  const record = async () => trial.payment(command);
  return {
    ...{ bank, store, trial, told, request, command, nonce, record },
    ask: (display: QrDisplay = 'none', wanted = {}) =>
      asking.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId: 'pax-1', attemptId, nonce, display, ...wanted }),
    qr: async () => attemptOf(await record(), attemptId).qr,
    status: async () => (await record()).shown.status,
    attempt: async () => attemptOf(await record(), attemptId).shown,
    cancel: () => new CancelPayment(store, around).execute({ scope: null, paymentId }),
    notify: (body: string) => new HearNotification(ports, bank.banks()).execute({ bank: 'raiffeisen', siteId: 'club-1', headers: {}, body }),
    redo: () =>
      new RedoPayment(store, around, bank.banks()).execute({
        ...{ idempotency: { key: trial.id('ref'), fingerprint: 'r' }, scope: null, paymentId, method: 'card', terminalId: null, amount: null },
        ...{ expiresInSeconds: 180, sbp: bankQr },
      }),
    /** Lets the ledger look every `everyMs` for so long. */
    pass: async (ms: number, everyMs = 500) => {
      for (const end = trial.nowMs + ms; trial.nowMs < end;) {
        trial.nowMs = Math.min(end, trial.nowMs + everyMs);
        await watching.execute();
      }
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

describe('a bank’s QR', () => {
  it('is asked for once, written down, and only then told', async () => {
    const life = await granted();
    let seen: unknown = 'not asked';
    life.bank.meanwhile = async () => {
      seen = (await life.qr())?.stage;
    };
    expect(await life.ask()).toMatchObject({ kind: 'show', qr: { payload: `https://qr.nspk.ru/${life.command.attemptId}` }, forMs: 180_000 });
    expect(seen).toBe('asked');
    expect((await life.attempt()).qr?.payload).toBe(`https://qr.nspk.ru/${life.command.attemptId}`);
    expect(await life.ask('shown')).toMatchObject({ kind: 'show' });
    expect(life.bank.created).toHaveLength(1);
  });

  it('is asked for once by any number who ask at the same time', async () => {
    const life = await granted();
    const answers = await Promise.all(Array.from({ length: 8 }, () => life.ask()));
    expect(life.bank.created).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'show').length).toBeGreaterThan(0);
  });

  it('is never asked for again when the answer was lost: nobody saw it, and the attempt fails', async () => {
    const life = await granted();
    life.bank.fail('create', 'lost');
    expect(await life.ask()).toMatchObject({ kind: 'ended', status: 'failed', reason: 'host_unreachable' });
    expect([life.bank.created.length, (await life.qr())?.stage, (await life.attempt()).qr]).toEqual([1, 'lost', null]);
    expect(await life.ask()).toMatchObject({ kind: 'ended' });
    expect(life.bank.created).toHaveLength(1);
    expect(await life.redo()).toMatchObject({ replayed: false });
  });

  it('is given up when the ledger that asked died before the answer', async () => {
    const life = await granted();
    life.bank.meanwhile = () => new Promise(() => undefined);
    void life.ask();
    await life.pass(5_000);
    expect([await life.status(), (await life.ask()).kind]).toEqual(['in_progress', 'wait']);
    await life.pass(6_000);
    expect([await life.status(), (await life.qr())?.stage, life.bank.created.length]).toEqual(['failed', 'lost', 1]);
  });

  it.each([
    ['down', 'host_unreachable'],
    ['refused', 'not_supported'],
  ] as const)('fails when the bank is %s', async (fault, reason) => {
    const life = await granted();
    life.bank.fail('create', fault);
    expect(await life.ask()).toMatchObject({ kind: 'ended', status: 'failed', reason });
  });

  it('is told to nobody without the permit', async () => {
    const life = await granted();
    expect(await life.ask('none', { nonce: 'nonce-of-another' })).toEqual({ kind: 'not-in-force' });
    expect(await life.ask('none', { terminalId: 'pax-2' })).toEqual({ kind: 'not-in-force' });
    expect(life.bank.calls).toEqual([]);
  });

  it('succeeds when the bank says paid, and the worker is told', async () => {
    const life = await granted();
    await life.ask();
    life.bank.pay(life.command.attemptId);
    await life.pass(1_500);
    expect(showPayment(await life.record())).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    expect((await life.attempt()).rrn).toBe(`tx-${life.command.attemptId}`);
    expect(life.told).toContain(life.command.attemptId);
    expect(await life.ask('shown')).toMatchObject({ kind: 'ended', status: 'approved' });
  });

  it('makes one charge of poll and notification, in any order and number', async () => {
    const life = await granted();
    await life.ask();
    const { attemptId, paymentId } = life.command;
    life.bank.pay(attemptId);
    const body = `signed ${attemptId} SUCCESS 15000`;
    await Promise.all([life.notify(body), life.pass(2_000), life.notify(body)]);
    await life.notify(body);
    expect(await life.store.chargesOf(paymentId)).toHaveLength(1);
    expect((await life.record()).surfaced).toEqual([]);
  });

  it('is not touched by a notification that the bank did not sign, nor by one of another site', async () => {
    const life = await granted();
    await life.ask();
    await expect(life.notify(`forged ${life.command.attemptId} SUCCESS 15000`)).rejects.toMatchObject({ code: 'sbp.signature_invalid' });
    expect(await life.notify('signed unknown SUCCESS 15000')).toMatchObject({ kind: 'ignored' });
    expect(await life.status()).toBe('in_progress');
  });

  it.each<[string, (life: Awaited<ReturnType<typeof granted>>) => Promise<unknown>, string]>([
    ['the window is over', (life) => life.pass(181_000), 'qr_expired'],
    ['the cashier cancels', (life) => life.cancel(), 'cashier_cancelled'],
    ['the guest presses cancel', (life) => life.ask('cancelled'), 'customer_cancelled'],
  ])('is cancelled at the bank and asked about once more before the attempt ends: %s', async (_, stop, reason) => {
    const life = await granted();
    await life.ask();
    await stop(life);
    await life.pass(2_000);
    expect([await life.status(), (await life.attempt()).reason, (await life.qr())?.stage]).toEqual(['cancelled', reason, 'dead']);
    expect(life.bank.calls.slice(-2)).toEqual(['cancel', 'status']);
  });

  it('fails, once dead, when the terminal cannot show it', async () => {
    const life = await granted();
    await life.ask();
    expect(await life.ask('refused')).toMatchObject({ kind: 'ended' });
    await life.pass(2_000);
    expect([await life.status(), (await life.attempt()).reason]).toEqual(['failed', 'not_supported']);
  });

  it('is charged when the guest paid before the cancel reached the bank', async () => {
    const life = await granted();
    await life.ask();
    await life.cancel();
    life.bank.pay(life.command.attemptId);
    await life.pass(2_000);
    expect(showPayment(await life.record())).toMatchObject({ status: 'succeeded', cancelRequested: 'too_late' });
  });

  it('leaves the payment in doubt while the bank does not confirm the end, and refuses a redo with the time to wait', async () => {
    const life = await granted();
    await life.ask();
    await life.cancel();
    life.bank.fail('status', ...Array.from({ length: 40 }, () => 'down' as const));
    await life.pass(10_000);
    expect(await life.status()).toBe('in_progress');
    await life.pass(12_000);
    expect(await life.status()).toBe('in_doubt');
    await expect(life.redo()).rejects.toMatchObject({ code: 'payment.not_redoable', members: { retryAfterSeconds: expect.any(Number) as number } });
    life.bank.faults.clear();
    await life.pass(11_000);
    expect(await life.status()).toBe('cancelled');
    expect(await life.redo()).toMatchObject({ replayed: false });
  });

  it.each([11 * 60_000, 71 * 3_600_000])('counts money that comes %d ms after its end, once', async (lateMs) => {
    const life = await granted();
    await life.ask();
    await life.pass(183_000);
    expect(await life.status()).toBe('cancelled');
    await life.pass(lateMs, 60_000);
    life.bank.pay(life.command.attemptId);
    await life.pass(2 * 3_600_000, 60_000);
    expect((await life.record()).surfaced).toMatchObject([{ amount: 15_000, disposition: 'undecided' }]);
    expect((await life.qr())?.stage).toBe('paid');
  });

  it('is watched with growing pauses, and no longer than money can come', async () => {
    const life = await granted();
    await life.ask();
    await life.pass(183_000);
    const before = life.bank.calls.length;
    await life.pass(80 * 3_600_000, 60_000);
    expect(life.bank.calls.length - before).toBeLessThan(100);
    expect((await life.qr())?.nextAskAtMs).toBeNull();
  });

  it('frees the terminal when the display is over, whatever the bank has still to say', async () => {
    const life = await granted();
    await life.ask();
    const occupied = async () => (await life.store.terminal('club-1', 'pax-1')).occupant;
    expect(((await occupied())?.leaseUntilMs ?? 0) > life.trial.nowMs).toBe(true);
    life.bank.fail('status', ...Array.from({ length: 40 }, () => 'down' as const));
    await life.cancel();
    expect(await life.ask('shown')).toMatchObject({ kind: 'ended' });
    expect((await occupied())?.leaseUntilMs).toBe(life.trial.nowMs);
    const late = {
      workerId: 'worker-1',
      siteId: 'club-1',
      terminalIds: [],
      driving: [{ attemptId: life.command!.attemptId, nonce: life.nonce }],
      leaving: false,
    };
    expect(await new Heartbeat(life.store, life.trial.around).execute(late)).toMatchObject({ lostAttemptIds: [life.command!.attemptId] });
    expect((await occupied())?.leaseUntilMs).toBe(life.trial.nowMs);
  });

  it('ends unasked when the permit was given and nobody came', async () => {
    const life = await granted();
    await life.pass(25_000);
    expect(await life.status()).toBe('in_progress');
    await life.pass(10_000);
    expect([await life.status(), life.bank.calls]).toEqual(['failed', []]);
  });

  it('asks an open QR’s bank about once a second, and less often while it fails', async () => {
    const life = await granted();
    await life.ask();
    await life.pass(20_000, 100);
    const often = life.bank.calls.length;
    expect(often).toBeGreaterThan(20_000 / sbpTimes.pollMs / 1.3);
    life.bank.fail('status', ...Array.from({ length: 100 }, () => 'down' as const));
    await life.pass(40_000, 100);
    expect(life.bank.calls.length - often).toBeLessThan(12);
  });
});
