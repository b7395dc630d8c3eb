import type { OpenedPayment, PermitAnswer } from '@kkm/core';
import { KnownError } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, declined, LedgerOnTrial } from './testing/ledger-on-trial';

const sixteen = Array.from({ length: 16 }, (_, n) => n);

/** Codes of the refusals among settled calls. */
function codesOf(settled: readonly PromiseSettledResult<unknown>[]): string[] {
  return settled.flatMap((one) => (one.status === 'rejected' ? [one.reason instanceof KnownError ? one.reason.code : String(one.reason)] : []));
}

function valuesOf<T>(settled: readonly PromiseSettledResult<T>[]): T[] {
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

describeWith(['database'], 'races in the ledger', () => {
  let database: TestDatabase;
  let clock: { nowMs: number };
  const replicas: LedgerOnTrial[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    clock = { nowMs: Date.now() };
    for (let i = 0; i < 4; i += 1) replicas.push(await LedgerOnTrial.on(database.url, clock));
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await database.dispose();
  });
  /** Replicas have pools and batches of their own, so their statements meet in the database. */
  const replica = (n: number): LedgerOnTrial => {
    const found = replicas[n % replicas.length];
    if (!found) throw new Error('There are no replicas.');
    return found;
  };
  const permits = async (attemptId: string): Promise<number> => (await replica(0).rows('select from ledger.permit where attempt_id = $1', [attemptId])).length;

  it('lets exactly one of sixteen simultaneous redos win', async () => {
    const command = await replica(0).paid(declined);
    const redo = (n: number): Promise<OpenedPayment> =>
      replica(n).redoing.execute({
        idempotency: { key: `redo-${command.paymentId}-${n}`, fingerprint: 'f' },
        scope: null,
        paymentId: command.paymentId,
        method: null,
        terminalId: null,
        amount: null,
        expiresInSeconds: 180,
      });
    const settled = await Promise.allSettled(sixteen.map(redo));
    expect(valuesOf(settled)).toHaveLength(1);
    expect(codesOf(settled)).toEqual(Array<string>(15).fill('payment.not_redoable'));
    expect((await replica(0).payment(command)).attempts.map((attempt) => attempt.status)).toEqual(['declined', 'queued']);
  });

  it('answers sixteen simultaneous redos with one key alike', async () => {
    const command = await replica(0).paid(declined);
    const idempotency = { key: `redo-${command.paymentId}`, fingerprint: 'f' };
    const request = { idempotency, scope: null, paymentId: command.paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 180 };
    const opened = await Promise.all(sixteen.map((n) => replica(n).redoing.execute(request)));
    expect(new Set(opened.map((answer) => answer.command?.attemptId)).size).toBe(1);
    expect(opened.filter((answer) => !answer.replayed)).toHaveLength(1);
  });

  it('opens one payment for sixteen simultaneous requests with one key', async () => {
    const request = replica(0).openRequest();
    const opened = await Promise.all(sixteen.map((n) => replica(n).opening.execute(request)));
    expect(new Set(opened.map((answer) => answer.payment.id)).size).toBe(1);
    expect(opened.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(new Set(opened.map((answer) => answer.command?.attemptId)).size).toBe(1);
  });

  it('opens one payment for sixteen simultaneous requests of one order', async () => {
    const orderId = replica(0).newId('ref');
    const settled = await Promise.allSettled(sixteen.map((n) => replica(n).open({ orderId })));
    expect(valuesOf(settled)).toHaveLength(1);
    expect(new Set(codesOf(settled))).toEqual(new Set(['payment.order_busy']));
  });

  it('never opens an order a second time while its charge is being recorded', async () => {
    for (let round = 0; round < 8; round += 1) {
      const orderId = replica(0).newId('ref');
      const command = await replica(0).open({ orderId });
      const nonce = await replica(0).grant(command);
      const recording = replica(0).recording.execute(replica(0).result(command, nonce, approved()));
      const settled = await Promise.allSettled(sixteen.map((n) => replica(n).open({ orderId })));
      await recording;
      expect(valuesOf(settled)).toEqual([]);
      for (const code of codesOf(settled)) expect(['payment.order_busy', 'payment.order_charged']).toContain(code);
    }
  });

  it('grants one of sixteen attempts that want the same terminal', async () => {
    const terminalId = replica(0).newId('ref');
    const commands = await Promise.all(sixteen.map((n) => replica(n).open({ terminalId })));
    await replica(0).leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId });
    const answers = await Promise.all(commands.map((command, n) => replica(n).permitting.execute(replica(n).permitRequest(command))));
    expect(answers.filter((answer) => answer.kind === 'granted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'terminal-busy')).toHaveLength(15);
  });

  it('grants an attempt to one of sixteen handlings', async () => {
    const command = await replica(0).open();
    await replica(0).leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId: command.terminalId });
    const answers = await Promise.all(sixteen.map((n) => replica(n).permitting.execute(replica(n).permitRequest(command))));
    expect(answers.filter((answer) => answer.kind === 'granted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'being-driven')).toHaveLength(15);
    expect(await permits(command.attemptId)).toBe(1);
  });

  it('never grants under a lease that moves at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const command = await replica(0).open();
      const { terminalId } = command;
      await replica(0).leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId });
      const [permit, lease] = await Promise.all([
        replica(1).permitting.execute(replica(1).permitRequest(command)),
        replica(2).leasing.execute({ workerId: 'worker-2', siteId: 'club-1', terminalId }),
      ]);
      const standing = await replica(3).standing.execute({ siteId: 'club-1', terminalId });
      expect([permit.kind, lease.kind, standing.leaseHolder]).toEqual(
        permit.kind === 'granted' ? ['granted', 'busy', 'worker-1'] : ['not-leased', 'leased', 'worker-2'],
      );
    }
  });

  it('either withdraws or grants when cancel meets permit, and says so to both', async () => {
    for (let round = 0; round < 8; round += 1) {
      const command = await replica(0).open();
      await replica(0).leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId: command.terminalId });
      const [permit, cancel] = await Promise.all([
        replica(1).permitting.execute(replica(1).permitRequest(command)),
        replica(2).cancelling.execute({ scope: null, paymentId: command.paymentId }),
      ]);
      if (permit.kind === 'granted') expect([cancel.payment.cancelRequested, cancel.driving?.attemptId]).toEqual(['pending', command.attemptId]);
      else expect([permit.kind, cancel.payment.status, cancel.payment.cancelRequested, cancel.driving]).toEqual(['withdrawn', 'cancelled', 'done', null]);
      expect(await permits(command.attemptId)).toBe(permit.kind === 'granted' ? 1 : 0);
    }
  });

  it('ends an attempt once when permit, cancel and sweep meet at its expiry', async () => {
    const ends = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const command = await replica(0).open({ expiresInSeconds: 5 });
      await replica(0).leasing.execute({ workerId: 'worker-1', siteId: 'club-1', terminalId: command.terminalId });
      clock.nowMs += 5_000;
      const asked: Promise<PermitAnswer> = replica(1).permitting.execute(replica(1).permitRequest(command));
      const [permit] = await Promise.all([
        asked,
        replica(2).sweeping.execute(),
        replica(3)
          .cancelling.execute({ scope: null, paymentId: command.paymentId })
          .catch(() => null),
      ]);
      const payment = await replica(0).payment(command);
      expect(['expired', 'withdrawn']).toContain(permit.kind);
      expect([payment.status, payment.sequence]).toEqual([permit.kind === 'expired' ? 'expired' : 'cancelled', 2]);
      expect(await permits(command.attemptId)).toBe(0);
      ends.add(payment.status);
    }
    expect(ends.size).toBeGreaterThan(0);
  });

  it('records a result once, however often and wherever it arrives', async () => {
    const command = await replica(0).open();
    const nonce = await replica(0).grant(command);
    const result = replica(0).result(command, nonce, approved(900));
    const verdicts = await Promise.all(sixteen.map((n) => replica(n).recording.execute(result)));
    expect(verdicts.filter((verdict) => verdict.kind === 'record')).toHaveLength(1);
    expect(await replica(0).payment(command)).toMatchObject({ chargedAmount: 900, sequence: 3 });
    expect(await replica(0).rows('select from ledger.posting where payment_id = $1', [command.paymentId])).toHaveLength(2);
  });

  it('records one surfaced charge for sixteen tellings of it under different ids', async () => {
    const command = await replica(0).paid(declined);
    const tell = (n: number) => replica(n).recording.execute(replica(n).result(command, 'nonce-late', approved(), { source: 'recovery' }));
    const verdicts = await Promise.all(sixteen.map(tell));
    expect(verdicts.filter((verdict) => verdict.kind === 'surface')).toHaveLength(1);
    expect(await replica(0).rows(`select from ledger.charge where payment_id = $1 and surfaced`, [command.paymentId])).toHaveLength(1);
  });
});
