import type { Locator } from 'playwright-core';
import { describePages } from './harness/describe-pages';
import type { Visitor } from './harness/visitor';

/** The row of an order in the list. */
function rowOf({ page }: Visitor, orderId: string): Locator {
  return page.getByRole('row').filter({ hasText: orderId });
}

describePages('the payments’ pages', { suite: 'payments', terminals: 2 }, ({ kkm, people, visit }) => {
  beforeEach(async () => {
    for (const { id } of kkm().stack.terminals) await kkm().terminals.behave(id, {});
  });
  const decline = async (orderId: string): Promise<string> => {
    await kkm().terminals.behave('pax-1', { auto: 'decline' });
    const { body } = await kkm().pay({ orderId }, { prefer: 'wait=20' });
    await kkm().terminals.behave('pax-1', {});
    return body.id;
  };
  /** What the bank took in sales while something was done. */
  const takenBy = async (act: () => Promise<void>): Promise<readonly number[]> => {
    const before = await kkm().terminals.books();
    await act();
    return (await kkm().terminals.books()).slice(before.length).map(({ kind, amount }) => (kind === 'sale' ? amount : -amount));
  };

  visit('show a payment from the request to the answer, without being asked', {}, async (visitor) => {
    const orderId = kkm().newOrder();
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    await visitor.signIn(people().cashier);
    await visitor.open('/payments');
    await visitor.page.getByText('Live', { exact: true }).waitFor();
    const { body } = await kkm().pay({ orderId });
    await rowOf(visitor, orderId).getByText('On the terminal').waitFor();
    await kkm().untilAsksForCard();
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await rowOf(visitor, orderId).getByText('Paid', { exact: true }).waitFor();
    await rowOf(visitor, orderId).getByRole('link').click();
    await visitor.page.getByText('Yes, charged').waitFor();
    expect(new URL(visitor.page.url()).pathname).toBe(`/admin/payments/${body.id}`);
  });

  visit('say in words why a card was declined, and redo it with one click, charged once', {}, async (visitor) => {
    const { page } = visitor;
    const orderId = kkm().newOrder();
    const id = await decline(orderId);
    await visitor.signIn(people().cashier);
    await visitor.open('/payments');
    await rowOf(visitor, orderId).getByText('Declined').waitFor();
    expect((await rowOf(visitor, orderId).innerText()).toLowerCase()).toMatch(/bank|card|funds/);
    await rowOf(visitor, orderId).getByRole('link').click();
    await page.getByText('No, not charged').waitFor();
    const taken = await takenBy(async () => {
      await page.getByRole('button', { name: 'Redo: Card' }).click();
      await page.getByText('Yes, charged').waitFor();
    });
    expect(taken).toEqual([15_000]);
    expect((await kkm().read(id)).attempts.map(({ status }) => status)).toEqual(['declined', 'approved']);
    await page.evaluate('window.print = () => { window.printed = document.querySelector(".kkm-printed").textContent; }');
    await page.getByRole('button', { name: 'Print the slip' }).last().click();
    expect(await page.evaluate('window.printed')).toContain('150.00');
  });

  visit('charge once however often Redo is pressed', {}, async (visitor) => {
    const id = await decline(kkm().newOrder());
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${id}`);
    const taken = await takenBy(async () => {
      await visitor.page.getByRole('button', { name: 'Redo: Card' }).dblclick();
      await visitor.page.getByText('Yes, charged').waitFor();
    });
    expect(taken).toEqual([15_000]);
  });

  visit('redo with the keyboard alone, for less', {}, async (visitor) => {
    const { page } = visitor;
    const id = await decline(kkm().newOrder());
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${id}`);
    await page.getByRole('button', { name: 'Redo otherwise' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const amount = dialog.getByRole('textbox', { name: 'Amount' });
    await amount.waitFor();
    for (let tabs = 0; tabs < 8 && (await amount.and(page.locator(':focus')).count()) === 0; tabs += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('100.00');
    await page.keyboard.press('Enter');
    await page.getByText('Yes, charged').waitFor();
    expect((await kkm().read(id)).chargedAmount).toBe(10_000);
  });

  visit('redo by QR what was declined by card', {}, async (visitor) => {
    const id = await decline(kkm().newOrder());
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${id}`);
    await visitor.page.getByRole('button', { name: 'Redo: SBP QR' }).click();
    await visitor.page.getByText('Yes, charged').waitFor();
    expect((await kkm().read(id)).attempts.map(({ method, status }) => [method, status])).toEqual([
      ['card', 'declined'],
      ['sbp_qr', 'approved'],
    ]);
  });

  visit('redo from the list, on another terminal', {}, async (visitor) => {
    const { page } = visitor;
    const orderId = kkm().newOrder();
    const id = await decline(orderId);
    await visitor.signIn(people().cashier);
    await visitor.open('/payments');
    await rowOf(visitor, orderId)
      .getByRole('button', { name: `Redo ${orderId}` })
      .click();
    await page.getByRole('dialog').getByLabel('Terminal').first().click();
    await page.getByRole('option', { name: 'pax-2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redo', exact: true }).click();
    await page.getByText('Yes, charged').waitFor();
    expect((await kkm().read(id)).attempts.map(({ terminalId, status }) => [terminalId, status])).toEqual([
      ['pax-1', 'declined'],
      ['pax-2', 'approved'],
    ]);
  });

  visit('cancel what the guest has not paid yet', {}, async (visitor) => {
    const { page } = visitor;
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().pay();
    await kkm().untilAsksForCard();
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${body.id}`);
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Let it go on' }).click();
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the payment' }).click();
    await page.getByText('No, not charged').waitFor();
    expect((await kkm().until(body.id, 'cancelled')).chargedAmount).toBe(0);
  });

  visit('give a part back, once', {}, async (visitor) => {
    const { page } = visitor;
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${body.id}`);
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Amount' }).fill('50.00');
    const taken = await takenBy(async () => {
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Give back/ })
        .click();
      await page.getByText('Given back in part').first().waitFor();
    });
    expect(taken).toEqual([-5_000]);
  });

  visit('find a payment by order, by the bank’s number, by amount, by method, and by whose money it is', {}, async (visitor) => {
    const { page } = visitor;
    const choose = async (label: string, option: string): Promise<void> => {
      await page.getByRole('search').getByLabel(label).first().click();
      await page.getByRole('option', { name: option, exact: true }).click();
    };
    // The bank gave the terminal another number than the one that is set: the money may be somebody else's.
    const bank = { terminalId: '99999999', legalEntity: { name: 'Night Club LLC' }, settlementAccount: { number: '40702810900000005555' } };
    await kkm().call('PATCH', `/v1/terminals/pax-1?siteId=${kkm().stack.siteId}`, { body: { bank } });
    const orderId = kkm().newOrder();
    const { body } = await kkm().pay({ orderId, amount: 12_345 }, { prefer: 'wait=20' });
    await visitor.signIn(people().cashier);
    for (const query of [`by=order&text=${orderId}`, `by=rrn&text=${String(body.attempts[0]?.rrn)}`, 'by=amount&text=123.45']) {
      await visitor.open(`/payments?${query}`);
      await rowOf(visitor, orderId).waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
    }
    await choose('Method', 'SBP QR');
    await page.getByText('No payment fits').waitFor();
    await choose('Method', 'Card');
    await choose('Settlement account', 'Night Club LLC, 40702810900000005555');
    await rowOf(visitor, orderId).getByRole('link').click();
    await page.getByText('Night Club LLC · settlement account 40702810900000005555').waitFor();
    await page.getByText(/^The terminal calls itself .* at the bank; 99999999 is set$/).waitFor();
    await visitor.open('/payments?by=order&text=no-such-order');
    await page.getByText('No payment fits').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await rowOf(visitor, orderId).waitFor();
  });

  visit('change over to a QR when the guest has no card with him', {}, async (visitor) => {
    const { page } = visitor;
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().pay({ method: 'card_or_sbp_qr' });
    await kkm().untilAsksForCard();
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${body.id}`);
    await page.getByRole('button', { name: 'Change over to SBP QR' }).click();
    await page.getByRole('img', { name: 'QR code to be paid by the guest' }).waitFor();
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await page.getByText('Yes, charged').waitFor();
    expect((await kkm().read(body.id)).attempts.map(({ method, status }) => [method, status])).toEqual([
      ['card', 'cancelled'],
      ['sbp_qr', 'approved'],
    ]);
  });

  visit('close what was paid in cash: nothing can be redone', {}, async (visitor) => {
    const { page } = visitor;
    const id = await decline(kkm().newOrder());
    await visitor.signIn(people().cashier);
    await visitor.open(`/payments/${id}`);
    await page.getByRole('button', { name: 'Close the payment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close the payment' }).click();
    await page.getByText('Closed. It can be redone no more.').waitFor();
    expect(await page.getByRole('button', { name: /^Redo/ }).count()).toBe(0);
  });

  visit('let a manager decide a payment in doubt, with what it rests on', {}, async (visitor) => {
    const { page } = visitor;
    await kkm().terminals.behave('pax-2', { auto: 'none', faults: ['unplug(600000)'] });
    const { body } = await kkm().pay({ terminalId: 'pax-2' });
    await kkm().until(body.id, 'in_doubt', 45_000);
    await visitor.signIn(people().manager);
    await visitor.open(`/payments/${body.id}`);
    await page.getByText('Being established').waitFor();
    await page.getByRole('button', { name: 'Decide what happened' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await dialog.getByText('Say whether the guest was charged').waitFor();
    await dialog.getByText('Write what this rests on').waitFor();
    await dialog.getByRole('radio', { name: 'No, not charged' }).check();
    await dialog.getByRole('textbox', { name: 'What this rests on' }).fill('The guest’s bank shows nothing.');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await page.getByText(`${people().manager.name} decided: not charged`).waitFor();
    expect((await kkm().read(body.id)).attempts[0]?.resolvedBy).toMatchObject({ charged: false, evidence: 'The guest’s bank shows nothing.' });
  });

  visit('go with the virtual terminal’s page: a guest pays by card, and the bank’s books show it', { at: 'virtual-terminal' }, async (visitor) => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { page } = visitor;
    await visitor.open('/#pax-1');
    const { body } = await kkm().pay();
    await page.getByRole('button', { name: 'Tap the card' }).click();
    await page.getByText(/Charged/).waitFor();
    const paid = await kkm().until(body.id, 'succeeded');
    await page.getByText(String(paid.attempts[0]?.rrn)).waitFor();
  });

  visit('go with the virtual terminal’s page: a guest pays by QR', { at: 'virtual-terminal' }, async (visitor) => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { page } = visitor;
    await visitor.open('/#pax-1');
    const { body } = await kkm().payBySbp();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    await page.getByRole('button', { name: 'Scan and pay the QR' }).click();
    await kkm().until(body.id, 'succeeded');
  });

  visit('go with the virtual terminal’s page: a guest changes his mind', { at: 'virtual-terminal' }, async (visitor) => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    await visitor.open('/#pax-1');
    const { body } = await kkm().pay();
    await visitor.page.getByRole('button', { name: 'Press the red key' }).click();
    expect((await kkm().until(body.id, ['cancelled', 'declined'])).chargedAmount).toBe(0);
  });
});
