import { changeOf, Heartbeat, hiddenChangeOf } from '@kkm/flow/ledger';
import type { LedgerSurroundings, PaymentRecord, QrRecord } from '@kkm/flow/ledger';
import { permitTimes } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { LedgerOnTrial } from './testing/ledger-on-trial';
import { openQr, planned } from './testing/open-qr';

describeWith(['database'], 'QRs in the ledger’s tables', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let around: LedgerSurroundings;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
    around = { nowMs: () => ledger.clock.nowMs, newId: (prefix) => ledger.newId(prefix), times: permitTimes };
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });
  const read = async (paymentId: string): Promise<PaymentRecord> => (await ledger.store.payment(paymentId))!;
  const asked = (nowMs: number): QrRecord => ({ ...planned, stage: 'asked', askedAtMs: nowMs, nextAskAtMs: nowMs + 10_000, watchUntilMs: nowMs + 270_000_000 });

  it('are kept with their attempt as they were written, and change with it', async () => {
    const { paymentId, attemptId } = await openQr(ledger);
    const first = await read(paymentId);
    expect(first.attempts[0]).toMatchObject({ moneyPath: 'bank_qr', qr: planned });
    const nowMs = ledger.clock.nowMs;
    expect(await ledger.store.save(changeOf(first, { qr: { attemptId, qr: asked(nowMs) }, silent: true }, around))).toBe('saved');
    const open: QrRecord = { ...asked(nowMs), stage: 'open', qrId: 'AD10', bankExpiresAtMs: nowMs + 240_000, showUntilMs: nowMs + 180_000, asks: 3 };
    const second = await read(paymentId);
    const shown = { ...second.attempts[0]!.shown, qr: { payload: 'https://qr.nspk.ru/AD10', expiresAt: new Date(nowMs + 180_000).toISOString() } };
    const change = changeOf(second, { changed: [{ ...second.attempts[0]!, shown }], qr: { attemptId, qr: open }, silent: true }, around);
    expect(await ledger.store.save(change)).toBe('saved');
    expect((await read(paymentId)).attempts[0]).toMatchObject({ qr: open, shown: { qr: shown.qr } });
    const ending: QrRecord = { ...open, stage: 'ending', endReason: 'qr_expired', endingSinceMs: nowMs + 1, nextAskAtMs: null };
    expect(await ledger.store.save(hiddenChangeOf(await read(paymentId), { qr: { attemptId, qr: ending } }))).toBe('saved');
    expect((await read(paymentId)).attempts[0]?.qr).toEqual(ending);
  });

  it('are planned with a further attempt as well', async () => {
    const command = await ledger.open();
    await ledger.cancelling.execute({ scope: null, paymentId: command.paymentId });
    const record = await read(command.paymentId);
    const added = {
      ...record.attempts[0]!,
      moneyPath: 'bank_qr' as const,
      qr: planned,
      shown: { ...record.attempts[0]!.shown, id: ledger.newId('att'), number: 2, status: 'queued' as const, reason: null, finishedAt: null },
    };
    expect(await ledger.store.save(changeOf(record, { added }, around))).toBe('saved');
    expect((await read(command.paymentId)).attempts[1]?.qr).toEqual(planned);
  });

  it('are asked of their bank once, by whoever was first: the other decides anew', async () => {
    const { paymentId, attemptId } = await openQr(ledger);
    const record = await read(paymentId);
    const ask = (nowMs: number) => ledger.store.save(hiddenChangeOf(record, { qr: { attemptId, qr: asked(nowMs) } }));
    expect((await Promise.all([ask(ledger.clock.nowMs), ask(ledger.clock.nowMs + 1)])).sort()).toEqual(['saved', 'stale']);
  });

  it('are given to one of many who look at once, oldest first, and again when the claim is over', async () => {
    const at = ledger.clock.nowMs - 86_400_000;
    const all: string[] = [];
    for (let n = 0; n < 12; n += 1) all.push((await openQr(ledger, { nextAskAtMs: at + n })).attemptId);
    await openQr(ledger, { nextAskAtMs: at + 1_000 });
    const claim = { claimMs: 5_000, limit: 3 };
    expect((await ledger.store.dueQrs(at, claim)).map(({ attemptId }) => attemptId)).toEqual([all[0]]);
    const looks = await Promise.all(Array.from({ length: 16 }, () => ledger.store.dueQrs(at + 100, claim)));
    expect(
      looks
        .flat()
        .map(({ attemptId }) => attemptId)
        .sort(),
    ).toEqual(all.slice(1).sort());
    expect(Math.max(...looks.map((look) => look.length))).toBe(3);
    expect(await ledger.store.dueQrs(at + 999, claim)).toEqual([]);
    const again = await ledger.store.dueQrs(at + 5_000, { ...claim, limit: 100 });
    expect(again.map(({ attemptId }) => attemptId)).toContain(all[0]);
  });

  it('have their returns given to one of many, and to no worker', async () => {
    const command = await ledger.voiding();
    await ledger.rows(`update ledger.attempt set money_path = 'bank_qr' where id = $1`, [command.attemptId]);
    const nowMs = ledger.clock.nowMs;
    const claim = { claimMs: 5_000, maxMs: 12_000, limit: 10 };
    const { attemptId, paymentId } = command;
    const looks = await Promise.all(Array.from({ length: 8 }, () => ledger.store.dueBankReturns(nowMs, claim)));
    expect(looks.flat()).toEqual([{ paymentId, attemptId }]);
    expect(await ledger.store.dueBankReturns(nowMs + 4_999, claim)).toEqual([]);
    const dueAt: number[] = [];
    for (let ms = 5_000; ms <= 40_000; ms += 1_000) if ((await ledger.store.dueBankReturns(nowMs + ms, claim)).length > 0) dueAt.push(ms);
    expect(dueAt).toEqual([5_000, 15_000, 27_000, 39_000]);
    const errands = await ledger.store.dueErrands(nowMs + 3_600_000, { firstMs: 100, maxMs: 1_000, waitingMaxMs: 1_000, limit: 100 });
    expect(errands.filter((errand) => errand.command.attemptId === attemptId)).toEqual([]);
    await ledger.rows(`update ledger.attempt set status = 'failed' where id = $1`, [attemptId]);
    expect(await ledger.store.dueBankReturns(nowMs + 99_000, claim)).toEqual([]);
  });

  it('send no worker when their outcome is in doubt', async () => {
    const { attemptId } = await openQr(ledger);
    await ledger.rows(`update ledger.attempt set status = 'unknown' where id = $1`, [attemptId]);
    await ledger.rows(`insert into ledger.permit (attempt_id, nonce, worker_id, granted_at, lease_until) values ($1, 'n', 'w', now(), '2020-01-01')`, [
      attemptId,
    ]);
    const times = { firstMs: 100, maxMs: 1_000, waitingMaxMs: 1_000, limit: 100 };
    await ledger.store.dueErrands(ledger.clock.nowMs, times);
    const errands = await ledger.store.dueErrands(ledger.clock.nowMs + 60_000, times);
    expect(errands.filter((errand) => errand.command.attemptId === attemptId)).toEqual([]);
  });

  it('hold their terminal only while they are shown, and never before an attempt that moves money there', async () => {
    const first = await openQr(ledger);
    const { siteId, terminalId } = first;
    const nonce = await ledger.grant(first);
    const occupant = async () => (await ledger.store.terminal(siteId, terminalId)).occupant;
    expect(await occupant()).toMatchObject({ attemptId: first.attemptId, moneyPath: 'bank_qr', leaseUntilMs: ledger.clock.nowMs + permitTimes.leaseMs });
    const sale = await ledger.open({ terminalId });
    expect((await ledger.permitting.execute(ledger.permitRequest(sale))).kind).toBe('terminal-busy');
    const other = { workerId: 'worker-2', siteId, terminalId };
    expect((await ledger.leasing.execute(other)).kind).toBe('busy');
    ledger.clock.nowMs += permitTimes.leaseMs;
    const seen = { ...other, version: (await ledger.store.terminal(siteId, terminalId)).lease!.version, drivenUntilMs: ledger.clock.nowMs };
    await ledger.rows(`update ledger.permit set lease_until = lease_until + interval '9 seconds' where attempt_id = $1`, [first.attemptId]);
    expect(await ledger.store.takeLease({ ...seen, nowMs: ledger.clock.nowMs })).toBe(false);
    ledger.clock.nowMs += 9_000;
    const late = { workerId: 'worker-1', siteId, terminalIds: [terminalId], driving: [{ attemptId: first.attemptId, nonce }], leaving: false };
    expect(await new Heartbeat(ledger.store, around).execute(late)).toMatchObject({ lostAttemptIds: [first.attemptId] });
    expect((await ledger.leasing.execute(other)).kind).toBe('leased');
    await ledger.grant(sale, { workerId: 'worker-2' });
    expect(await occupant()).toMatchObject({ attemptId: sale.attemptId, moneyPath: 'terminal' });
  });
});
