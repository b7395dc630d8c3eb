import { describePages } from './harness/describe-pages';

describePages('the virtual terminal’s page beside KKM', { suite: 'guest', terminals: 1 }, ({ kkm, visit }) => {
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));

  visit('lets a guest pay by card, and shows it in the bank’s books', { at: 'virtual-terminal' }, async (visitor) => {
    const { page } = visitor;
    await visitor.open('/#pax-1');
    const { body } = await kkm().pay();
    await page.getByRole('button', { name: 'Tap the card' }).click();
    await page.getByText(/Charged/).waitFor();
    const paid = await kkm().until(body.id, 'succeeded');
    await page.getByText(String(paid.attempts[0]?.rrn)).waitFor();
  });

  visit('lets a guest pay by QR', { at: 'virtual-terminal' }, async (visitor) => {
    const { page } = visitor;
    await visitor.open('/#pax-1');
    const { body } = await kkm().payBySbp();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    await page.getByRole('button', { name: 'Scan and pay the QR' }).click();
    await kkm().until(body.id, 'succeeded');
  });

  visit('lets a guest change his mind', { at: 'virtual-terminal' }, async (visitor) => {
    await visitor.open('/#pax-1');
    const { body } = await kkm().pay();
    await visitor.page.getByRole('button', { name: 'Press the red key' }).click();
    expect((await kkm().until(body.id, ['cancelled', 'declined'])).chargedAmount).toBe(0);
  });
});
