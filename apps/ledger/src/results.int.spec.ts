import type { CompletionEvent, PaymentCommand } from '@kkm/core';
import { permitTimes } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, cancelled, declined, failed, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

describeWith(['database'], 'results', () => {
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
  const whatHappened = async ({ paymentId }: PaymentCommand): Promise<string[]> => {
    const rows = await ledger.rows<{ body: CompletionEvent }>('select body from ledger.event where subject = $1 order by id', [paymentId]);
    return rows.map(({ body }) => body.type.split('.')[2] ?? '');
  };
  const balances = async ({ paymentId }: PaymentCommand): Promise<Record<string, number>> => {
    const rows = await ledger.rows<{ kind: string; sum: number }>(
      `select split_part(account, ':', 1) as kind, sum(amount_minor)::int8 as sum from ledger.posting where payment_id = $1 group by 1 order by 1`,
      [paymentId],
    );
    return Object.fromEntries(rows.map((row) => [row.kind, row.sum]));
  };
  const redo = (command: PaymentCommand) =>
    ledger.redoing.execute({
      idempotency: { key: ledger.newId('ref'), fingerprint: 'f' },
      scope: null,
      paymentId: command.paymentId,
      method: null,
      terminalId: null,
      amount: null,
      expiresInSeconds: 60,
    });

  it.each([
    [declined, 'declined'],
    [cancelled, 'cancelled'],
    [{ ...failed, reason: 'card_read_error' } as const, 'failed'],
  ])('ends a payment uncharged when the terminal says so: %j', async (outcome, status) => {
    const command = await ledger.paid(outcome);
    const payment = await ledger.payment(command);
    expect(payment).toMatchObject({ status, chargedAmount: 0, redoable: true });
    expect(payment.attempts[0]).toMatchObject({ status, reason: outcome.kind === 'approved' ? null : outcome.reason });
    expect(await balances(command)).toEqual({});
  });

  it('fails a queued attempt whose terminal was never reachable', async () => {
    const command = await ledger.open();
    await ledger.recording.execute(ledger.result(command, null, failed));
    expect(await ledger.payment(command)).toMatchObject({ status: 'failed', redoable: true });
    expect(await ledger.permitting.execute(ledger.permitRequest(command))).toEqual({ kind: 'already-final' });
  });

  it('believes no refusal about a queued attempt that had no permit, and no word without one about a granted attempt', async () => {
    const queued = await ledger.open();
    expect(await ledger.recording.execute(ledger.result(queued, 'nonce-x', declined))).toEqual({ kind: 'drop', why: 'no-permit' });
    expect((await ledger.payment(queued)).status).toBe('pending');
    const granted = await ledger.open();
    await ledger.grant(granted);
    expect(await ledger.recording.execute(ledger.result(granted, null, failed))).toEqual({ kind: 'drop', why: 'not-in-force' });
    expect((await ledger.payment(granted)).status).toBe('in_progress');
  });

  it('does not let a worker that lost its lease end the attempt uncharged, yet takes its approval', async () => {
    const takenOver = async (): Promise<{ command: PaymentCommand; first: string }> => {
      const command = await ledger.open();
      const first = await ledger.grant(command);
      ledger.clock.nowMs += permitTimes.leaseMs;
      const { siteId, terminalId } = command;
      await ledger.leasing.execute({ workerId: 'worker-2', siteId, terminalId });
      await ledger.permitting.execute(ledger.permitRequest(command, { workerId: 'worker-2' }));
      return { command, first };
    };
    const one = await takenOver();
    expect(await ledger.recording.execute(ledger.result(one.command, one.first, declined))).toEqual({ kind: 'drop', why: 'not-in-force' });
    expect((await ledger.payment(one.command)).status).toBe('in_progress');
    const other = await takenOver();
    expect(await ledger.recording.execute(ledger.result(other.command, other.first, approved()))).toMatchObject({ kind: 'record' });
    expect(await ledger.payment(other.command)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
  });

  it('charges a queued attempt when money moved all the same, and grants it never more', async () => {
    const command = await ledger.open();
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-lost', approved(500)))).toMatchObject({ kind: 'record' });
    expect(await ledger.payment(command)).toMatchObject({ status: 'succeeded', chargedAmount: 500 });
    expect(await ledger.permitting.execute(ledger.permitRequest(command))).toEqual({ kind: 'already-final' });
  });

  it('stays in doubt as long as recovery learns nothing, without further events', async () => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    await ledger.recording.execute(ledger.result(command, nonce, unknown));
    expect(await ledger.recording.execute(ledger.result(command, nonce, unknown, { source: 'recovery' }))).toMatchObject({ kind: 'still-unknown' });
    expect(await ledger.payment(command)).toMatchObject({ status: 'in_doubt', sequence: 3, redoable: false });
    expect(await whatHappened(command)).toEqual(['accepted', 'started', 'in_doubt']);
    await ledger.recording.execute(ledger.result(command, nonce, approved(), { source: 'recovery' }));
    expect(await whatHappened(command)).toEqual(['accepted', 'started', 'in_doubt', 'succeeded', 'resolved']);
  });

  it.each([
    [approved(), 'succeeded', 'too_late'],
    [cancelled, 'cancelled', 'done'],
    [declined, 'declined', 'done'],
    [unknown, 'in_doubt', 'pending'],
  ])('says what became of a cancel asked for while the terminal worked: %j', async (outcome, status, cancelRequested) => {
    const command = await ledger.open();
    const nonce = await ledger.grant(command);
    await ledger.cancelling.execute({ scope: null, paymentId: command.paymentId });
    await ledger.recording.execute(ledger.result(command, nonce, outcome));
    expect(await ledger.payment(command)).toMatchObject({ status, cancelRequested });
  });

  it('keeps an approval that comes after the end as surfaced money, and refuses a redo until it is decided', async () => {
    const command = await ledger.paid(cancelled);
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-late', approved(), { source: 'recovery' }))).toMatchObject({ kind: 'surface' });
    const payment = await ledger.payment(command);
    expect(payment).toMatchObject({ status: 'cancelled', redoable: false, sequence: 4 });
    expect(payment.attempts[0]?.status).toBe('cancelled');
    expect(await whatHappened(command)).toEqual(['accepted', 'started', 'cancelled', 'surfaced']);
    expect(await balances(command)).toEqual({ acquirer: 15_000, suspense: -15_000 });
    await expect(redo(command)).rejects.toMatchObject({ code: 'payment.not_redoable' });
  });

  it('records money that surfaces on an expired payment whose order was paid otherwise', async () => {
    const orderId = ledger.newId('ref');
    const first = await ledger.open({ orderId, expiresInSeconds: 5 });
    ledger.clock.nowMs += 5_000;
    await ledger.sweeping.execute();
    await ledger.paid(approved(), { orderId });
    expect(await ledger.recording.execute(ledger.result(first, 'nonce-late', approved(15_000, '111')))).toMatchObject({ kind: 'surface' });
  });

  it('takes back a redo that has not begun when money surfaces on the earlier attempt', async () => {
    const command = await ledger.paid(declined);
    await redo(command);
    await ledger.recording.execute(ledger.result(command, 'nonce-late', approved()));
    const payment = await ledger.payment(command);
    expect(payment.attempts.map((attempt) => attempt.status)).toEqual(['declined', 'withdrawn']);
    expect(payment.redoable).toBe(false);
    expect(await whatHappened(command)).toEqual(['accepted', 'started', 'declined', 'accepted', 'cancelled', 'surfaced']);
  });

  it('drops a repeat of an approval under another id, and surfaces a second charge of the same attempt', async () => {
    const command = await ledger.paid(approved(15_000, '111'));
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-late', approved(15_000, '111')))).toEqual({ kind: 'drop', why: 'duplicate' });
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-late', approved(15_000, '222')))).toMatchObject({ kind: 'surface' });
    expect(await ledger.payment(command)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    expect(await balances(command)).toEqual({ acquirer: 30_000, suspense: -15_000, takings: -15_000 });
  });

  it('never rewrites an approval by a later refusal', async () => {
    const command = await ledger.paid(approved());
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-late', declined))).toEqual({ kind: 'drop', why: 'already-final' });
    expect((await ledger.payment(command)).status).toBe('succeeded');
  });

  it('keeps results of attempts it does not know, once each', async () => {
    const command = await ledger.open();
    const strange = ledger.result(command, 'nonce-1', approved(), { attemptId: 'att_gone' });
    const misplaced = ledger.result(command, 'nonce-1', approved(), { terminalId: 'another' });
    for (const result of [strange, strange, misplaced]) expect(await ledger.recording.execute(result)).toEqual({ kind: 'orphan' });
    expect(await ledger.rows('select from ledger.orphan_result')).toHaveLength(2);
    expect((await ledger.payment(command)).status).toBe('pending');
  });

  it('stores what terminals write, in any script and of any length', async () => {
    const outcome = approved();
    const slip = 'ЧЕК «ОДОБРЕНО» \\ "\n\t'.repeat(200);
    const command = await ledger.paid({
      ...outcome,
      facts: { ...outcome.facts, slip, card: { maskedPan: '************6639', scheme: 'MIR', entryMode: 'contactless' } },
    });
    expect((await ledger.payment(command)).attempts[0]).toMatchObject({
      slip,
      card: { maskedPan: '************6639', scheme: 'MIR', entryMode: 'contactless' },
    });
  });
});
