import type { PaymentCommand, PermitRequest } from '@kkm/core';
import { permitTimes } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, declined, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

describeWith(['database'], 'permits and leases', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });
  const ask = (command: PaymentCommand, wanted: Partial<PermitRequest> = {}) => ledger.permitting.execute(ledger.permitRequest(command, wanted));
  const lease = (command: PaymentCommand, workerId: string) => ledger.leasing.execute({ workerId, siteId: command.siteId, terminalId: command.terminalId });
  const beat = (
    workerId: string,
    wanted: { terminalIds?: string[]; driving?: { attemptId: string; nonce: string }[]; leaving?: boolean; siteId?: string } = {},
  ) => ledger.heartbeats.execute({ workerId, siteId: 'club-1', terminalIds: [], driving: [], leaving: false, ...wanted });

  it('grants only to the worker that may connect', async () => {
    const command = await ledger.open();
    expect(await ask(command)).toEqual({ kind: 'not-leased' });
    await lease(command, 'worker-2');
    expect(await ask(command)).toEqual({ kind: 'not-leased' });
    expect(await ask(command, { workerId: 'worker-2' })).toEqual({
      kind: 'granted',
      sendWithinMs: 10_000,
      driveWithinMs: 240_000,
      leaseMs: 20_000,
      cancelRequested: null,
    });
  });

  it('repeats a grant to the handling that has it and to nobody else', async () => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    expect(await ask(command, { nonce })).toMatchObject({ kind: 'granted' });
    expect(await ask(command)).toMatchObject({ kind: 'being-driven' });
  });

  it('hands recovery over when the lease has lapsed, once, and never as a grant', async () => {
    const command = await ledger.open();
    await ledger.grant(command);
    ledger.clock.nowMs += permitTimes.leaseMs;
    expect(await ask(command, { workerId: 'worker-2' })).toEqual({ kind: 'not-leased' });
    expect(await lease(command, 'worker-2')).toMatchObject({ kind: 'leased' });
    const nonce = ledger.newId('nonce');
    expect(await ask(command, { workerId: 'worker-2', nonce })).toMatchObject({ kind: 'already-granted' });
    expect(await ask(command, { workerId: 'worker-2', nonce })).toMatchObject({ kind: 'already-granted' });
    expect(await ask(command)).toMatchObject({ kind: 'being-driven' });
  });

  it('keeps a terminal for the attempt it holds, busy while driven and in doubt afterwards', async () => {
    const first = await ledger.open();
    const nonce = await ledger.grant(first);
    const second = await ledger.open({ terminalId: first.terminalId });
    expect(await ask(second)).toMatchObject({ kind: 'terminal-busy', attemptId: first.attemptId });
    expect(await lease(second, 'worker-2')).toMatchObject({ kind: 'busy', attemptId: first.attemptId });
    await ledger.recording.execute(ledger.result(first, nonce, unknown));
    expect(await ask(second)).toMatchObject({ kind: 'terminal-in-doubt', attemptId: first.attemptId });
    expect(await ledger.standing.execute({ siteId: 'club-1', terminalId: first.terminalId })).toEqual({
      terminalId: first.terminalId,
      occupantAttemptId: first.attemptId,
      inDoubt: true,
      leaseHolder: 'worker-1',
    });
    await ledger.recording.execute(ledger.result(first, nonce, declined, { source: 'recovery' }));
    expect(await ask(second)).toMatchObject({ kind: 'granted' });
  });

  it('lets an attempt in doubt be recovered at once, because its lease ended with the unknown outcome', async () => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    await ledger.recording.execute(ledger.result(command, nonce, unknown));
    await lease(command, 'worker-2');
    expect(await ask(command, { workerId: 'worker-2' })).toMatchObject({ kind: 'already-granted' });
  });

  it('refuses what is over or was never there', async () => {
    const declinedOne = await ledger.paid(declined);
    expect(await ask(declinedOne)).toEqual({ kind: 'already-final' });
    const command = await ledger.open();
    expect(await ask(command, { attemptId: 'att_nobody' })).toEqual({ kind: 'unknown-attempt' });
    expect(await ask(command, { siteId: 'club-2' })).toEqual({ kind: 'unknown-attempt' });
    expect(await ask(command, { terminalId: 'another' })).toEqual({ kind: 'unknown-attempt' });
    await ledger.cancelling.execute({ scope: null, paymentId: command.paymentId });
    expect(await ask(command)).toEqual({ kind: 'withdrawn' });
  });

  it('expires an attempt that is asked for too late, with an event', async () => {
    const command = await ledger.open({ expiresInSeconds: 10 });
    await lease(command, 'worker-1');
    ledger.clock.nowMs += 10_000;
    expect(await ask(command)).toEqual({ kind: 'expired' });
    expect(await ledger.payment(command)).toMatchObject({ status: 'expired', redoable: true });
    expect(await ledger.sweeping.execute()).toEqual([]);
  });

  it('keeps a driven attempt’s lease alive by heartbeats', async () => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    const driving = [{ attemptId: command.attemptId, nonce }];
    for (let i = 0; i < 3; i += 1) {
      ledger.clock.nowMs += 15_000;
      expect(await beat('worker-1', { terminalIds: [command.terminalId], driving })).toMatchObject({
        lostTerminalIds: [],
        lostAttemptIds: [],
        cancelAttemptIds: [],
        leaseMs: 20_000,
      });
    }
    expect(await ask(command)).toMatchObject({ kind: 'being-driven' });
    ledger.clock.nowMs += permitTimes.leaseMs;
    await lease(command, 'worker-2');
    await ask(command, { workerId: 'worker-2' });
    expect(await beat('worker-1', { terminalIds: [command.terminalId], driving })).toMatchObject({
      lostTerminalIds: [command.terminalId],
      lostAttemptIds: [command.attemptId],
    });
  });

  it('brings a cancel to the worker that drives', async () => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    const { payment, driving } = await ledger.cancelling.execute({ scope: null, paymentId: command.paymentId });
    expect([payment.cancelRequested, driving]).toEqual(['pending', { siteId: 'club-1', terminalId: command.terminalId, attemptId: command.attemptId }]);
    expect(await beat('worker-1', { driving: [{ attemptId: command.attemptId, nonce }] })).toMatchObject({ cancelAttemptIds: [command.attemptId] });
  });

  it('lists the workers of a site that were seen lately and are not leaving', async () => {
    const siteId = 'club-3';
    await beat('worker-a', { siteId });
    expect((await beat('worker-b', { siteId })).workerIds).toEqual(['worker-a', 'worker-b']);
    expect((await beat('worker-b', { siteId, leaving: true })).workerIds).toEqual(['worker-a']);
    expect((await beat('worker-a', { siteId })).workerIds).toEqual(['worker-a']);
    ledger.clock.nowMs += 8_000;
    expect((await beat('worker-c', { siteId })).workerIds).toEqual(['worker-c']);
  });

  it('frees the terminal when an attempt has ended', async () => {
    const command = await ledger.paid(approved());
    expect(await ledger.standing.execute({ siteId: 'club-1', terminalId: command.terminalId })).toMatchObject({ occupantAttemptId: null, inDoubt: false });
    expect(await lease(command, 'worker-2')).toMatchObject({ kind: 'leased' });
  });
});
