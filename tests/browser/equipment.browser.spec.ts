import { eventually } from '@kkm/testkit';
import { describePages } from './harness/describe-pages';
import { untilLoaded } from './harness/tour';
import type { Visitor } from './harness/visitor';

/** Chooses an option of a select. */
async function choose({ page }: Visitor, label: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
    .click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describePages('the pages of equipment', { suite: 'equipment', terminals: 2 }, ({ kkm, people, visit }) => {
  const acquiring = async (): Promise<unknown> => {
    const { siteId, registerId } = kkm().stack;
    return (await kkm().call<{ automaticAcquiring: unknown }>('GET', `/v1/registers/${registerId}?siteId=${siteId}`)).body.automaticAcquiring;
  };
  const put = (option: string, terminalId: string | null): Promise<unknown> =>
    kkm().call('PUT', `/v1/registers/${kkm().stack.registerId}/automatic-acquiring?siteId=${kkm().stack.siteId}`, { body: { option, terminalId } });

  visit('save the automatic acquiring of a register, which holds from the next payment on', {}, async (visitor) => {
    const { page } = visitor;
    const { siteId, registerId } = kkm().stack;
    await put('card', 'pax-1');
    await visitor.signIn(people().manager);
    await visitor.open('/equipment');
    await page.getByRole('row').filter({ hasText: 'Card' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Automatic acquiring (from checks)' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/admin/equipment/registers/${siteId}/${registerId}`);
    await choose(visitor, 'Acquiring option', 'SBP QR');
    expect(await acquiring()).toMatchObject({ option: 'card' });
    const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Automatic acquiring (from checks)' }) });
    await card.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await acquiring()).toMatchObject({ option: 'sbp_qr', terminalId: 'pax-1' });
    const { body } = await kkm().pay({ registerId, terminalId: undefined, method: undefined });
    expect(body.method).toBe('sbp_qr');
    await kkm().until(body.id, 'succeeded');
  });

  visit('keep who changed what, and take it back', {}, async (visitor) => {
    const { page } = visitor;
    await put('card', 'pax-1');
    await put('none', null);
    await visitor.signIn(people().manager);
    await visitor.open(`/equipment/registers/${kkm().stack.siteId}/${kkm().stack.registerId}`);
    await untilLoaded(page);
    await page.getByText('Acquiring option: Card → None', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await eventually(async () => expect(await acquiring()).toMatchObject({ option: 'card', terminalId: 'pax-1' }));
  });

  visit('ask before what was not saved is lost', {}, async (visitor) => {
    const { page } = visitor;
    await put('card', 'pax-1');
    await visitor.signIn(people().manager);
    await visitor.open(`/equipment/registers/${kkm().stack.siteId}/${kkm().stack.registerId}`);
    await choose(visitor, 'Acquiring option', 'SBP QR');
    await page.getByRole('link', { name: 'Payments' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('link', { name: 'Payments' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Payments', level: 1 }).waitFor();
    expect(await acquiring()).toMatchObject({ option: 'card' });
  });

  visit('try a terminal with a payment that is given back at once', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().manager);
    await visitor.open(`/terminals/${kkm().stack.siteId}/pax-2`);
    await page.getByRole('button', { name: /^Card, / }).click();
    await page.getByText(/^It works: /).waitFor();
    const books = (await kkm().terminals.books()).filter(({ terminalId }) => terminalId === 'pax-2');
    expect(books.map(({ kind, amount }) => [kind === 'sale', amount])).toEqual([
      [true, 100],
      [false, 100],
    ]);
  });

  visit('settle a terminal with its bank, once asked whether to', {}, async (visitor) => {
    const { page } = visitor;
    const settled = async (): Promise<number> => {
      const { body } = await kkm().call<{ requests: { kind: string; state: string }[] }>('GET', `/v1/terminals/pax-2/requests?siteId=${kkm().stack.siteId}`);
      return body.requests.filter(({ kind, state }) => kind === 'settle' && state === 'done').length;
    };
    await visitor.signIn(people().manager);
    await visitor.open(`/terminals/${kkm().stack.siteId}/pax-2`);
    await page.getByRole('button', { name: 'Settle with the bank' }).click();
    expect(await settled()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Settle with the bank' }).click();
    await page.getByText(/^Settlement, /).waitFor();
    await eventually(async () => expect(await settled()).toBe(1));
  });

  visit('are not for a cashier', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().cashier);
    await visitor.open('/payments');
    await page.getByRole('link', { name: 'Terminals' }).waitFor();
    expect(await page.getByRole('link', { name: 'Equipment setup' }).count()).toBe(0);
  });
});
