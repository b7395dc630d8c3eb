import { pause } from '@kkm/testkit';
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
