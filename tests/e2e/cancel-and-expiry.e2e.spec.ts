import { eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('cancel and expiry', { suite: 'cancel-and-expiry', terminals: 2 }, (kkm) => {
  beforeEach(async () => {
    for (const { id } of kkm().stack.terminals) await kkm().terminals.behave(id, { auto: 'none' });
  });

  it('withdraws a payment that waits behind another guest', async () => {
    const first = await kkm().pay();
    await kkm().untilAsksForCard();
    const second = await kkm().pay();
    await kkm().cancel(second.body.id);
    expect(await kkm().until(second.body.id, 'cancelled')).toMatchObject({
      chargedAmount: 0,
      redoable: true,
      cancelRequested: 'done',
      attempts: [{ status: 'withdrawn', grantedAt: null }],
    });
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().until(first.body.id, 'succeeded');
  });

  it('stops a terminal that waits for the card, and charges nothing', async () => {
    const { body } = await kkm().pay();
    await kkm().untilAsksForCard();
    expect((await kkm().cancel(body.id)).status).toBeLessThan(300);
    expect(await kkm().until(body.id, 'cancelled')).toMatchObject({ chargedAmount: 0, redoable: true, cancelRequested: 'done' });
    await kkm().terminals.behave('pax-1', {});
    await kkm().redo(body.id);
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 15_000 });
  });

  it('comes too late for a payment that is charged', async () => {
    await kkm().terminals.behave('pax-1', {});
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    expect(await kkm().cancel(body.id)).toMatchObject({ status: 409, body: { code: 'payment.not_cancellable' } });
    expect((await kkm().read(body.id)).status).toBe('succeeded');
  });

  it('is voided by itself when it comes too late, at a site that wants it so', async () => {
    const setting = (lateApproval: 'keep' | 'void') => kkm().call('PATCH', `/v1/sites/${kkm().stack.siteId}`, { body: { lateApproval } });
    expect((await setting('void')).status).toBe(200);
    await kkm().terminals.behave('pax-1', { faults: ['slow_bank(3000)'] });
    const { body } = await kkm().pay({ amount: 6_100 });
    await eventually(async () => expect((await kkm().terminals.screen('pax-1')).state).toBe('busy'), 10_000);
    expect(await kkm().cancel(body.id)).toMatchObject({ body: { cancelRequested: 'pending' } });
    const payment = await eventually(async () => {
      const read = await kkm().read(body.id);
      expect(read).toMatchObject({ status: 'succeeded', chargedAmount: 6_100, refundedAmount: 6_100, cancelRequested: 'too_late', redoable: false });
      return read;
    }, 20_000);
    expect(payment.attempts.map(({ operation, status }) => `${operation} ${status}`)).toEqual(['sale approved', 'void approved']);
    const books = (await kkm().terminals.books()).filter(({ amount }) => amount === 6_100);
    expect(books).toMatchObject([
      { kind: 'sale', rrn: payment.attempts[0]?.rrn, reversed: true },
      { kind: 'void', rrn: payment.attempts[1]?.rrn },
    ]);
    await eventually(() => {
      const own = kkm()
        .events.all()
        .filter(({ subject }) => subject === body.id);
      expect(own.map(({ type }) => type.split('.')[2])).toEqual(['accepted', 'started', 'succeeded', 'refunded']);
    }, 10_000);
    await setting('keep');
  });

  it('is cancelled when the guest presses the red button', async () => {
    const { body } = await kkm().pay();
    await kkm().untilAsksForCard();
    await kkm().terminals.guest('pax-1', { action: 'cancel' });
    expect(await kkm().until(body.id, 'cancelled')).toMatchObject({ redoable: true, attempts: [{ reason: 'customer_cancelled' }] });
  });

  it('expires a payment that never began, and never charges it afterwards', async () => {
    const first = await kkm().pay({ expiresIn: 900 });
    await kkm().untilAsksForCard();
    const second = await kkm().pay({ expiresIn: 5, amount: 7_700 });
    expect(await kkm().until(second.body.id, 'expired', 20_000)).toMatchObject({ redoable: true, attempts: [{ status: 'expired', grantedAt: null }] });
    await kkm().terminals.behave('pax-1', {});
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().until(first.body.id, 'succeeded');
    await pause(1_500); // The expired command is still in the queue and is taken now.
    expect((await kkm().terminals.books()).filter(({ amount }) => amount === 7_700)).toEqual([]);
  });
});
