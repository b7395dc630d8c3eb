import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('a guest who changes over', { suite: 'sbp-switch', terminals: 1 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));

  it('from card to QR pays once, by the QR', async () => {
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr', amount: 40_100 });
    await kkm().untilAsksForCard();
    expect(await kkm().switch(body.id, 'sbp_qr')).toMatchObject({ status: 200 });
    await kkm().untilShowsQr(body.id);
    expect((await kkm().read(body.id)).attempts).toMatchObject([{ status: 'cancelled' }, { number: 2, method: 'sbp_qr', status: 'granted' }]);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    const payment = await kkm().until(body.id, 'succeeded');
    expect(payment).toMatchObject({ chargedAmount: 40_100, switchTo: null });
    expect((await kkm().terminals.books()).filter(({ amount }) => amount === 40_100)).toHaveLength(1);
  });

  it('from QR to card pays once, by the card', async () => {
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr', amount: 40_200 });
    await kkm().untilAsksForCard();
    await kkm().switch(body.id, 'sbp_qr');
    await kkm().untilShowsQr(body.id);
    expect(await kkm().switch(body.id, 'card')).toMatchObject({ status: 200 });
    await kkm().untilAsksForCard();
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    const payment = await kkm().until(body.id, 'succeeded');
    expect(payment.attempts.map(({ method, status }) => `${method} ${status}`)).toEqual([
      expect.stringMatching(/cancelled$/) as string,
      'sbp_qr cancelled',
      expect.stringMatching(/^card.* approved$/) as string,
    ]);
    expect((await kkm().terminals.books()).filter(({ amount }) => amount === 40_200)).toHaveLength(1);
  });

  it('too late has paid, and no QR is made', async () => {
    await kkm().terminals.behave('pax-1', { faults: ['slow_bank(3000)'] });
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr', amount: 40_300 });
    await eventually(async () => expect((await kkm().terminals.screen('pax-1')).state).toBe('busy'), 10_000);
    await kkm().switch(body.id, 'sbp_qr');
    const payment = await kkm().until(body.id, 'succeeded', 20_000);
    expect(payment).toMatchObject({ chargedAmount: 40_300, attempts: [{ status: 'approved' }] });
    expect(payment.attempts.filter(({ qr }) => qr !== null)).toEqual([]);
  });

  it('cannot where the bill was opened for one method alone, or has ended', async () => {
    const card = await kkm().pay({ amount: 40_400 });
    await kkm().untilAsksForCard();
    expect(await kkm().switch(card.body.id, 'sbp_qr')).toMatchObject({ status: 409, body: { code: 'payment.not_switchable' } });
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().until(card.body.id, 'succeeded');
    expect(await kkm().switch(card.body.id, 'sbp_qr')).toMatchObject({ status: 409, body: { code: 'payment.not_switchable' } });
  });
});

describeKkm('a guest at a terminal whose cancel key changes over', { suite: 'sbp-guest-switch', terminals: 1 }, (kkm) => {
  const press = async (): Promise<void> => kkm().terminals.guest('pax-1', { action: 'cancel' });
  const booked = async (amount: number) => (await kkm().terminals.books()).filter((entry) => entry.amount === amount);
  const shownAs = async (id: string): Promise<readonly string[]> =>
    (await kkm().read(id)).attempts.map(({ method, status, reason }) => `${method} ${status} ${reason ?? ''}`);

  beforeAll(async () => {
    const profile = { sbp: { by: 'bank_qr', guestSwitch: 'cancel_key' } };
    expect(await kkm().call('PATCH', `/v1/terminals/pax-1?siteId=${kkm().stack.siteId}`, { body: { profile } })).toMatchObject({ status: 200 });
  });
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));

  it('goes to the QR and pays once, by the QR', async () => {
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr', amount: 41_100 });
    await kkm().untilAsksForCard();
    await press();
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 41_100, switchTo: null, cancelRequested: null });
    expect(await shownAs(body.id)).toEqual(['card cancelled customer_cancelled', 'sbp_qr approved ']);
    expect(await booked(41_100)).toHaveLength(1);
  });

  it('goes to the QR, back to the card and no further: the third press ends it, and nothing is charged', async () => {
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr', amount: 41_200 });
    await kkm().untilAsksForCard();
    await press();
    await kkm().untilShowsQr(body.id);
    await press();
    await kkm().untilAsksForCard();
    await press();
    await kkm().until(body.id, 'cancelled');
    expect(await shownAs(body.id)).toEqual(['card cancelled customer_cancelled', 'sbp_qr cancelled customer_cancelled', 'card cancelled customer_cancelled']);
    expect(await booked(41_200)).toEqual([]);
  });

  it('only cancels a payment by card alone', async () => {
    const { body } = await kkm().pay({ amount: 41_300 });
    await kkm().untilAsksForCard();
    await press();
    expect(await kkm().until(body.id, 'cancelled')).toMatchObject({ attempts: [{ reason: 'customer_cancelled' }] });
  });
});
