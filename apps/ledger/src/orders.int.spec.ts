import type { PaymentCommand, RedoPaymentRequest } from '@kkm/core';
import { describeWith, eventually, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, declined, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

describeWith(['database'], 'opening, redoing and cancelling', () => {
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
  const redo = (command: PaymentCommand, wanted: Partial<RedoPaymentRequest> = {}) =>
    ledger.redoing.execute({
      idempotency: { key: ledger.newId('ref'), fingerprint: 'f' },
      scope: null,
      paymentId: command.paymentId,
      method: null,
      terminalId: null,
      amount: null,
      expiresInSeconds: 180,
      ...wanted,
    });
  const cancel = (command: PaymentCommand, scope: readonly string[] | null = null) => ledger.cancelling.execute({ scope, paymentId: command.paymentId });

  it('answers a repeated request with the payment as it stands, and the command only while it is to be done', async () => {
    const request = ledger.openRequest({ metadata: { memberId: '42' } });
    const first = await ledger.opening.execute(request);
    const repeated = await ledger.opening.execute(request);
    expect(repeated).toEqual({ ...first, replayed: true });
    expect(first.payment).toMatchObject({ metadata: { memberId: '42' }, chargedAmount: 0, cancelRequested: null, closedAt: null });
    if (first.command) await ledger.grant(first.command);
    expect(await ledger.opening.execute(request)).toMatchObject({ replayed: true, command: null, payment: { status: 'in_progress' } });
  });

  it('refuses a key that was used for another request, at one site only', async () => {
    const request = ledger.openRequest();
    await ledger.opening.execute(request);
    await expect(ledger.opening.execute({ ...request, idempotency: { ...request.idempotency, fingerprint: 'other' } })).rejects.toMatchObject({
      code: 'idempotency.key_reused',
    });
    expect((await ledger.opening.execute({ ...request, siteId: 'club-2' })).replayed).toBe(false);
  });

  it('refuses a second payment of an order while one is open, in doubt, or charged with that amount', async () => {
    const orderId = ledger.newId('ref');
    const first = await ledger.open({ orderId });
    await expect(ledger.open({ orderId, amount: 1 })).rejects.toMatchObject({ code: 'payment.order_busy' });
    const nonce = await ledger.grant(first);
    await ledger.recording.execute(ledger.result(first, nonce, unknown));
    await expect(ledger.open({ orderId })).rejects.toMatchObject({ code: 'payment.order_busy' });
    await ledger.recording.execute(ledger.result(first, nonce, approved(), { source: 'recovery' }));
    await expect(ledger.open({ orderId })).rejects.toMatchObject({ code: 'payment.order_charged' });
    await ledger.open({ orderId, amount: 1 });
    await ledger.open({ orderId, siteId: 'club-2' });
  });

  it('opens a second payment of an order when it is said to be meant, and that one then stands in the way of others', async () => {
    const orderId = ledger.newId('ref');
    await ledger.open({ orderId, additional: true });
    await ledger.open({ orderId, additional: true });
    await expect(ledger.open({ orderId })).rejects.toMatchObject({ code: 'payment.order_busy' });
  });

  it('lets an order be opened again when the earlier payment ended uncharged', async () => {
    const { orderId } = await ledger.payment(await ledger.paid(declined));
    await ledger.open({ orderId });
  });

  it('keeps an order busy while money that surfaced on it is undecided', async () => {
    const command = await ledger.paid(declined);
    const { orderId } = await ledger.payment(command);
    await ledger.recording.execute(ledger.result(command, 'nonce-late', approved()));
    await expect(ledger.open({ orderId })).rejects.toMatchObject({ code: 'payment.order_busy' });
    await ledger.open({ orderId, additional: true });
  });

  it('redoes a declined payment on the same bill with what the request changes', async () => {
    const command = await ledger.paid(declined);
    const { payment, command: next } = await redo(command, {
      amount: 9_000,
      terminalId: 'pax-9',
      method: 'sbp_qr',
      sbp: { by: 'terminal' },
      expiresInSeconds: 30,
    });
    expect(payment).toMatchObject({ id: command.paymentId, status: 'pending', amount: 9_000, terminalId: 'pax-9', method: 'sbp_qr', sequence: 4 });
    expect(payment.attempts.map((attempt) => [attempt.number, attempt.status, attempt.amount])).toEqual([
      [1, 'declined', 15_000],
      [2, 'queued', 9_000],
    ]);
    expect(Date.parse(payment.expiresAt) - ledger.clock.nowMs).toBe(30_000);
    expect(next).toMatchObject({ terminalId: 'pax-9', amount: 9_000, method: 'sbp_qr' });
  });

  it('charges a redone payment once', async () => {
    const { command } = await redo(await ledger.paid(declined));
    if (!command) throw new Error('A redo has a command.');
    await ledger.recording.execute(ledger.result(command, await ledger.grant(command), approved()));
    expect(await ledger.payment(command)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, redoable: false });
  });

  it('refuses a redo with a higher amount, of an open, doubtful or charged payment, and of somebody else’s', async () => {
    const command = await ledger.paid(declined);
    await expect(redo(command, { amount: 15_001 })).rejects.toMatchObject({ code: 'payment.amount_not_lower' });
    await expect(redo(command, { scope: ['club-2'] })).rejects.toMatchObject({ code: 'payment.not_found' });
    for (const held of [await ledger.open(), await ledger.paid(unknown), await ledger.paid(approved())])
      await expect(redo(held)).rejects.toMatchObject({ code: 'payment.not_redoable' });
  });

  it('refuses a redo while another payment of the order is open or has charged it', async () => {
    const orderId = ledger.newId('ref');
    const first = await ledger.paid(declined, { orderId });
    const second = await ledger.open({ orderId });
    await expect(redo(first)).rejects.toMatchObject({ code: 'payment.order_busy' });
    await ledger.recording.execute(ledger.result(second, await ledger.grant(second), approved()));
    await expect(redo(first)).rejects.toMatchObject({ code: 'payment.order_charged' });
  });

  it('refuses to use the key of an opening for a redo', async () => {
    const request = ledger.openRequest();
    const { command } = await ledger.opening.execute(request);
    if (!command) throw new Error('An opening has a command.');
    await ledger.recording.execute(ledger.result(command, await ledger.grant(command), declined));
    await expect(redo(command, { idempotency: { key: request.idempotency.key, fingerprint: 'f' } })).rejects.toMatchObject({ code: 'idempotency.key_reused' });
  });

  it('refuses a redo of a closed payment', async () => {
    const command = await ledger.paid(declined);
    await ledger.rows('update ledger.payment set closed_at = now() where id = $1', [command.paymentId]);
    await expect(redo(command)).rejects.toMatchObject({ code: 'payment.closed' });
  });

  it('ends a queued payment at once when it is cancelled, and lets it be redone', async () => {
    const command = await ledger.open();
    const { payment, driving } = await cancel(command);
    expect([payment.status, payment.cancelRequested, payment.redoable, driving]).toEqual(['cancelled', 'done', true, null]);
    expect(payment.attempts[0]).toMatchObject({ status: 'withdrawn', reason: 'cashier_cancelled' });
    expect((await cancel(command)).payment.sequence).toBe(payment.sequence);
    expect((await redo(command)).payment.cancelRequested).toBeNull();
  });

  it('records a cancel at the terminal once and repeats the hint', async () => {
    const command = await ledger.open();
    await ledger.grant(command);
    const first = await cancel(command);
    const second = await cancel(command);
    expect(second).toEqual(first);
    expect(first.driving?.attemptId).toBe(command.attemptId);
  });

  it('refuses to cancel what has ended, and what belongs to another site', async () => {
    await expect(cancel(await ledger.paid(approved()))).rejects.toMatchObject({ code: 'payment.not_cancellable' });
    await expect(cancel(await ledger.paid(declined))).rejects.toMatchObject({ code: 'payment.not_cancellable' });
    await expect(cancel(await ledger.open(), ['club-2'])).rejects.toMatchObject({ code: 'payment.not_found' });
  });

  it('announces a request that can never succeed', async () => {
    const rejected = {
      siteId: 'club-5',
      orderId: 'bill-9',
      requestId: 'request-1',
      problem: { code: 'request.invalid', title: 'The request is not valid', status: 422 },
    };
    await ledger.rejecting.execute({ rejected });
    await eventually(async () => {
      const { events } = await ledger.feed.execute({ scope: ['club-5'], after: null, limit: 10 });
      expect(events).toEqual([expect.objectContaining({ type: 'kkm.payment.rejected.v1', subject: 'request-1', data: rejected })]);
    });
  });

  it('reads the newest payment of an order, and pages through payments newest first', async () => {
    const siteId = 'club-6';
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ledger.clock.nowMs += 1_000;
      made.unshift((await ledger.paid(i === 2 ? approved() : declined, { siteId, orderId: `bill-${i % 2}`, amount: 100 + i })).paymentId);
    }
    expect((await ledger.reading.execute({ scope: null, by: { siteId, orderId: 'bill-0' } })).id).toBe(made[0]);
    const unnamed = { purpose: null, method: null, settlementAccount: null, rrn: null, authorisationCode: null, amount: null };
    const all = { scope: [siteId], siteId: null, orderId: null, status: null, ...unnamed, from: null, to: null, limit: 2, cursor: null };
    const pages: string[][] = [];
    for (let cursor: string | null = null; pages.length === 0 || cursor !== null;) {
      const page: { payments: readonly { id: string }[]; next: string | null } = await ledger.listing.execute({ ...all, cursor });
      pages.push(page.payments.map((payment) => payment.id));
      cursor = page.next;
    }
    expect(pages).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
    const ids = async (wanted: object): Promise<string[]> =>
      (await ledger.listing.execute({ ...all, limit: 50, ...wanted })).payments.map((payment) => payment.id);
    expect(await ids({ status: 'succeeded' })).toEqual([made[2]]);
    expect(await ids({ siteId, orderId: 'bill-1' })).toEqual([made[1], made[3]]);
    expect(await ids({ siteId: 'club-1' })).toEqual([]);
    expect(await ids({ scope: ['club-1', siteId], orderId: 'bill-0' })).toEqual([made[0], made[2], made[4]]);
    const middle = new Date(ledger.clock.nowMs - 2_000).toISOString();
    expect(await ids({ from: middle })).toEqual(made.slice(0, 3));
    expect(await ids({ to: middle })).toEqual(made.slice(3));
  });
});
