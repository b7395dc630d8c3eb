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
