import { noBankFacts, permitTimes } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import { CancelPayment } from '../ledger/cancel-payment';
import { changeOf } from '../ledger/change';
import { Heartbeat } from '../ledger/lease-terminal';
import type { LedgerStore } from '../ledger/ledger-store';
import { attemptOf } from '../ledger/records';
import type { QrStore } from '../ledger/sbp/qr-store';
import { SweepExpired } from '../ledger/sweep-expired';
import { bankReturnsConformance } from './bank-returns-conformance';
import { evidenceConformance } from './evidence-conformance';
import { handOverConformance } from './hand-over-conformance';
import { guestSwitchConformance } from './guest-switch-conformance';
import { peopleConformance } from './people-conformance';
import { returnsConformance } from './ledger-returns-conformance';
import { recoveryConformance } from './recovery-conformance';
import { refundsConformance } from './refunds-conformance';
import { approved, startMs, StoreOnTrial, unknown } from './store-on-trial';
import { searchConformance } from './search-conformance';
import { switchConformance } from './switch-conformance';

/** What every store of the ledger must do; the one on Postgres and the one in memory pass the same suite. `open` gives one that may hold other suites' rows. */
export function ledgerStoreConformance(open: () => LedgerStore & QrStore, mark = 'conformance'): void {
  let trial: StoreOnTrial;
  let suites = 0;
  beforeEach(() => {
    suites += 1;
    trial = new StoreOnTrial(open(), `${mark}${suites}x`);
  });

  describe('payments', () => {
    it('gives back what was opened', async () => {
      const command = await trial.open({ metadata: { table: '7' } });
      const record = await trial.payment(command);
      expect(record).toMatchObject({
        orderExclusive: true,
        surfacedUndecided: 0,
        shown: { status: 'pending', sequence: 1, amount: 15_000, metadata: { table: '7' } },
      });
      expect(record.attempts).toMatchObject([{ shown: { id: command.attemptId, number: 1, status: 'queued' }, permit: null, expiresAtMs: startMs + 180_000 }]);
      expect(await trial.store.newestOfOrder(record.shown.siteId, record.shown.orderId)).toEqual(record);
      expect(await trial.store.attempt(command.attemptId, 'res_nobody')).toEqual({ record, recorded: false });
    });

    it('knows nothing of what was never opened', async () => {
      const { store } = trial;
      expect([await store.payment('pay_x'), await store.attempt('att_x', null), await store.permitFacts('att_x'), await store.keyUse('club-1', 'x')]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    });

    it('answers a used key with what it opened, also when its order is busy', async () => {
      const idempotency = { key: trial.id('ref'), fingerprint: 'one' };
      const command = await trial.open({ idempotency, orderId: 'the-order' });
      const repeated = { idempotency, orderId: 'the-order' };
      await expect(trial.open({ ...repeated })).resolves.toEqual(command);
      await expect(trial.open({ ...repeated, idempotency: { ...idempotency, fingerprint: 'two' } })).rejects.toMatchObject({ code: 'idempotency.key_reused' });
      expect(await trial.store.keyUse(command.siteId, idempotency.key)).toEqual({
        fingerprint: 'one',
        paymentId: command.paymentId,
        attemptId: command.attemptId,
      });
    });

    it('refuses a second payment of an order that is open or charged, unless it is additional', async () => {
      const command = await trial.open({ orderId: 'bill' });
      await expect(trial.open({ orderId: 'bill', amount: 7 })).rejects.toMatchObject({ code: 'payment.order_busy' });
      await trial.record(trial.result(command, await trial.grant(command), approved(15_000, '1')));
      await expect(trial.open({ orderId: 'bill' })).rejects.toMatchObject({ code: 'payment.order_charged' });
      await expect(trial.open({ orderId: 'bill', additional: true })).resolves.toMatchObject({ amount: 15_000 });
    });

    it('opens one of sixteen simultaneous payments of an order', async () => {
      const all = await Promise.allSettled(Array.from({ length: 16 }, () => trial.open({ orderId: 'rush' })));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('lists newest first, filtered and bounded', async () => {
      const commands: PaymentCommand[] = [];
      for (let n = 0; n < 3; n += 1, trial.nowMs += 1_000) commands.push(await trial.open());
      const ids = (wanted: object): Promise<readonly string[]> => trial.listed({ siteId: commands[0]!.siteId, ...wanted });
      const newestFirst = commands.map(({ paymentId }) => paymentId).reverse();
      expect(await ids({})).toEqual(newestFirst);
      expect(await ids({ limit: 2 })).toEqual(newestFirst.slice(0, 2));
      expect(await ids({ beforeId: newestFirst[0] })).toEqual(newestFirst.slice(1));
      expect(await ids({ fromId: newestFirst[1] })).toEqual(newestFirst.slice(0, 2));
      expect([await ids({ status: 'succeeded' }), await ids({ scope: ['elsewhere'] })]).toEqual([[], []]);
      const test = await trial.open({ purpose: 'test' });
      expect([await ids({ purpose: 'test' }), await ids({ purpose: 'sale' })]).toEqual([[test.paymentId], newestFirst]);
    });
  });

  describe('changes', () => {
    it('writes a change while the payment stands as it was, and not afterwards', async () => {
      const command = await trial.open();
      const [first, second] = [await trial.withdrawal(command), await trial.withdrawal(command)];
      expect([await trial.store.save(first), await trial.store.save(second)]).toEqual(['saved', 'stale']);
      expect(await trial.payment(command)).toMatchObject({ shown: { status: 'cancelled', sequence: 2 }, attempts: [{ shown: { status: 'withdrawn' } }] });
    });

    it('never rewrites a final outcome, even where the sequence stands', async () => {
      const command = await trial.open();
      await trial.store.save(await trial.withdrawal(command));
      const record = await trial.payment(command);
      const risen = { ...attemptOf(record, command.attemptId) };
      const change = changeOf(record, { changed: [{ ...risen, shown: { ...risen.shown, status: 'approved' } }] }, trial.around);
      expect(await trial.store.save(change)).toBe('stale');
      expect(await trial.payment(command)).toEqual(record);
    });

    it('records a result once, with charge and event', async () => {
      const command = await trial.open();
      const result = trial.result(command, await trial.grant(command), approved(15_000, '77'));
      expect([await trial.record(result), await trial.record(result)]).toEqual(['record', 'drop']);
      expect(await trial.store.attempt(command.attemptId, result.resultId)).toMatchObject({
        recorded: true,
        record: { shown: { status: 'succeeded', chargedAmount: 15_000 } },
      });
      expect(await trial.store.chargesOf(command.paymentId)).toEqual([
        {
          resultId: result.resultId,
          attemptId: command.attemptId,
          amountMinor: 15_000,
          rrn: '77',
          authorisationCode: null,
          surfaced: false,
          disposition: 'kept',
          returns: [],
        },
      ]);
    });

    it('keeps money that surfaces beside the outcome', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await trial.record(trial.result(command, nonce, { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts }));
      expect(await trial.record(trial.result(command, nonce, approved(15_000, '78')))).toBe('surface');
      expect(await trial.payment(command)).toMatchObject({ surfacedUndecided: 1, shown: { status: 'failed' } });
    });

    it('keeps an orphan once', async () => {
      const command = await trial.open();
      const orphan = { ...trial.result(command, 'nonce_x', approved(1, null)), attemptId: trial.id('att') };
      expect([await trial.record(orphan), await trial.record(orphan)]).toEqual(['orphan', 'orphan']);
    });
  });

  describe('permits and leases', () => {
    it('grants one attempt of a terminal at a time', async () => {
      const terminalId = trial.id('ref');
      const [one, two] = [await trial.open({ terminalId }), await trial.open({ terminalId })];
      const nonce = await trial.grant(one);
      await expect(trial.grant(two)).rejects.toThrow('terminal-busy');
      expect((await trial.store.terminal(one.siteId, terminalId)).occupant).toMatchObject({
        attemptId: one.attemptId,
        nonce,
        recovering: false,
        status: 'granted',
      });
      await trial.record(trial.result(one, nonce, unknown));
      await expect(trial.grant(two)).rejects.toThrow('terminal-in-doubt');
    });

    it('moves a lease only from the version seen, and moves the version with every permit', async () => {
      const command = await trial.open();
      const { siteId, terminalId } = command;
      const lease = { siteId, terminalId, workerId: 'worker-1', drivenUntilMs: null, nowMs: trial.nowMs };
      expect([await trial.store.takeLease({ ...lease, version: null }), await trial.store.takeLease({ ...lease, version: null })]).toEqual([true, false]);
      const before = (await trial.store.terminal(siteId, terminalId)).lease;
      await trial.grant(command);
      expect(await trial.store.takeLease({ ...lease, version: before?.version ?? 0 })).toBe(false);
      expect((await trial.store.terminal(siteId, terminalId)).lease).toEqual({
        workerId: 'worker-1',
        version: (before?.version ?? 0) + 1,
        takenAtMs: trial.nowMs,
      });
    });

    it('does not move a lease whose attempt was renewed since it was seen', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      const { siteId, terminalId, attemptId } = command;
      const seen = await trial.store.terminal(siteId, terminalId);
      trial.nowMs += permitTimes.leaseMs;
      const driving = [{ attemptId, nonce }];
      await new Heartbeat(trial.store, trial.around).execute({ workerId: 'worker-1', siteId, terminalIds: [terminalId], driving, leaving: false });
      const lease = { siteId, terminalId, workerId: 'worker-2', version: seen.lease?.version ?? 0, nowMs: trial.nowMs };
      expect(await trial.store.takeLease({ ...lease, drivenUntilMs: seen.occupant?.leaseUntilMs ?? null })).toBe(false);
      const renewed = await trial.store.terminal(siteId, terminalId);
      expect(await trial.store.takeLease({ ...lease, drivenUntilMs: renewed.occupant?.leaseUntilMs ?? null })).toBe(true);
    });

    it('gives a terminal back to the worker that renewed its permit after another was leased it', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      const { siteId, terminalId, attemptId } = command;
      trial.nowMs += permitTimes.leaseMs;
      await trial.lease(command, 'worker-2');
      const driving = [{ attemptId, nonce }];
      const beat = { workerId: 'worker-1', siteId, terminalIds: [terminalId], driving, leaving: false };
      expect(await new Heartbeat(trial.store, trial.around).execute(beat)).toMatchObject({ lostTerminalIds: [terminalId], lostAttemptIds: [] });
      await trial.lease(command, 'worker-3');
      expect((await trial.store.terminal(siteId, terminalId)).lease?.workerId).toBe('worker-2');
      await trial.lease(command);
      expect((await trial.store.terminal(siteId, terminalId)).lease?.workerId).toBe('worker-1');
    });

    it('takes a permit over only once its lease has lapsed', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await expect(trial.grant(command)).rejects.toThrow('being-driven');
      trial.nowMs += permitTimes.leaseMs;
      const taken = await trial.grant(command, 'worker-2');
      const { permit } = attemptOf(await trial.payment(command), command.attemptId);
      expect(permit).toMatchObject({ nonce: taken, workerId: 'worker-2', takeOvers: 1, grantedAtMs: startMs });
      expect(await trial.record(trial.result(command, nonce, unknown))).toBe('drop');
    });

    it('renews what is driven under the nonce in force and tells of cancels', async () => {
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await new CancelPayment(trial.store, trial.around).execute({ scope: null, paymentId: command.paymentId });
      trial.nowMs += 5_000;
      const { siteId, terminalId, attemptId } = command;
      const beat = (driven: string) =>
        new Heartbeat(trial.store, trial.around).execute({
          workerId: 'worker-1',
          siteId,
          terminalIds: [terminalId, 'other'],
          driving: [{ attemptId, nonce: driven }],
          leaving: false,
        });
      expect(await beat(nonce)).toMatchObject({ workerIds: ['worker-1'], lostTerminalIds: ['other'], lostAttemptIds: [], cancelAttemptIds: [attemptId] });
      expect(await beat('another')).toMatchObject({ lostAttemptIds: [attemptId], cancelAttemptIds: [] });
      expect(attemptOf(await trial.payment(command), attemptId).permit?.leaseUntilMs).toBe(trial.nowMs + permitTimes.leaseMs);
    });

    it('forgets members that leave or fall silent', async () => {
      const siteId = trial.id('ref');
      const beat = async (workerId: string, leaving = false): Promise<readonly string[]> =>
        (await new Heartbeat(trial.store, trial.around).execute({ workerId, siteId, terminalIds: [], driving: [], leaving })).workerIds;
      await beat('worker-1');
      expect(await beat('worker-2')).toEqual(['worker-1', 'worker-2']);
      expect(await beat('worker-2', true)).toEqual(['worker-1']);
      trial.nowMs += 60_000;
      expect(await beat('worker-3')).toEqual(['worker-3']);
    });
  });

  searchConformance(() => trial);
  handOverConformance(() => trial);
  evidenceConformance(() => trial);
  peopleConformance(() => trial);
  returnsConformance(() => trial);
  refundsConformance(() => trial);
  bankReturnsConformance(() => trial);
  switchConformance(() => trial);
  guestSwitchConformance(() => trial);
  recoveryConformance(() => trial);

  it('ends what expired before it began', async () => {
    const command = await trial.open({ expiresInSeconds: 10 });
    trial.nowMs += 10_000;
    expect(await trial.store.expiredPayments(trial.nowMs, 1_000)).toContain(command.paymentId);
    await new SweepExpired(trial.store, trial.around).execute();
    expect(await trial.payment(command)).toMatchObject({ shown: { status: 'expired' } });
  });

  it('shows a feed in the order of commits, page by page', async () => {
    const end = await trial.store.feedEnd();
    const command = await trial.open();
    await trial.record(trial.result(command, await trial.grant(command), approved(15_000, '79')));
    const ask = { scope: [command.siteId], after: end, limit: 2 };
    // A transaction of anybody in the cluster holds the feed back while it runs.
    for (let reads = 0; reads < 3_000 && (await trial.store.feed({ ...ask, limit: 3 })).events.length < 3; reads += 1);
    const first = await trial.store.feed(ask);
    const second = await trial.store.feed({ ...ask, after: first.next });
    const last = await trial.store.feed({ ...ask, after: second.next });
    expect([...first.events, ...second.events].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(last).toEqual({ events: [], next: second.next });
    await expect(trial.store.feed({ ...ask, after: 'nonsense' })).rejects.toMatchObject({ code: 'request.invalid' });
  });
}
