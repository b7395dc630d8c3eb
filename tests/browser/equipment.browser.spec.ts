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

  visit('ask a terminal for what it knows, and settle it with its bank, once asked whether to', {}, async (visitor) => {
    const { page } = visitor;
    const settled = async (): Promise<number> => {
      const { body } = await kkm().call<{ requests: { kind: string; state: string }[] }>('GET', `/v1/terminals/pax-2/requests?siteId=${kkm().stack.siteId}`);
      return body.requests.filter(({ kind, state }) => kind === 'settle' && state === 'done').length;
    };
    await visitor.signIn(people().manager);
    await visitor.open(`/terminals/${kkm().stack.siteId}/pax-2`);
    for (const [ask, kind] of [
      ['Link test', 'Link test'],
      ['Short report', 'Report'],
      ['Full report', 'Report'],
    ] as const) {
      const before = await page.getByRole('button', { name: new RegExp(`^${kind}, `) }).count();
      await page.getByRole('button', { name: ask, exact: true }).click();
      await eventually(async () => expect(await page.getByRole('button', { name: new RegExp(`^${kind}, `) }).count()).toBe(before + 1));
      await page.getByRole('button', { name: ask, exact: true, disabled: false }).waitFor();
    }
    await page.getByRole('button', { name: 'Settle with the bank' }).click();
    expect(await settled()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Settle with the bank' }).click();
    await page.getByText(/^Settlement, /).waitFor();
    await eventually(async () => expect(await settled()).toBe(1));
  });

  visit('ask before a terminal is saved that does not answer, or answers as another one', {}, async (visitor) => {
    const { page } = visitor;
    const dialog = page.getByRole('dialog');
    const bankOf = async (): Promise<unknown> =>
      (await kkm().call<{ bank: { terminalId: string | null } }>('GET', `/v1/terminals/pax-1?siteId=${kkm().stack.siteId}`)).body.bank.terminalId;
    await visitor.signIn(people().manager);
    await visitor.open(`/equipment/terminals/${kkm().stack.siteId}/pax-1`);
    await page.getByLabel('Port').fill('1');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await dialog.getByRole('heading', { name: 'The link test failed. Save all the same?' }).waitFor();
    await dialog.getByRole('button', { name: 'Back to the settings' }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByLabel('Bank terminal id').fill('99999999');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await dialog.getByRole('heading', { name: 'It is known to the bank by another number. Save all the same?' }).waitFor();
    await dialog.getByText(/^The terminal calls itself .* at the bank; 99999999 is set$/).waitFor();
    expect(await bankOf()).toBeNull();
    await dialog.getByRole('button', { name: 'Save all the same' }).click();
    await eventually(async () => expect(await bankOf()).toBe('99999999'));
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await dialog.getByRole('button', { name: 'Take back' }).click();
    await eventually(async () => expect(await bankOf()).toBeNull());
  });

  visit('make and delete sites, registers and bank profiles', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().admin);
    for (const [tab, add] of [
      ['Sites', 'Add a site'],
      ['Bank profiles', 'Add a bank profile'],
      ['Registers', 'Add a register'],
    ] as const) {
      await visitor.open('/equipment');
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('link', { name: add }).first().click();
      await page.getByRole('textbox', { name: 'Name' }).fill(`New of ${tab}`);
      const site = page.getByRole('combobox', { name: 'Site' }).or(page.getByRole('textbox', { name: 'Site' }));
      if ((await site.count()) > 0 && (await site.first().inputValue()) === '') await choose(visitor, 'Site', kkm().stack.siteId);
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { name: `New of ${tab}`, level: 1 }).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText(`“New of ${tab}” is deleted`).waitFor();
    }
  });

  visit('certify a terminal, with its cable pulled when the page says so, or stop half way', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().manager);
    await visitor.open(`/terminals/${kkm().stack.siteId}/pax-2/certification`);
    await page.getByLabel('Test payments').fill('1');
    await page.getByRole('switch', { name: 'Also pull the cable and plug it in again' }).check({ force: true });
    await page.getByRole('button', { name: 'Start' }).click();
    for (const [prompt, act] of [
      ['Pull the terminal’s cable, then press “Done”', 'pull_cable'],
      ['Plug the cable in again, then press “Done”', 'plug_in'],
    ] as const) {
      await page.getByText(prompt).waitFor();
      await kkm().terminals.attend('pax-2', act);
      await page.getByRole('button', { name: 'Done' }).click();
    }
    await page.getByRole('heading', { name: /^Grade [A-F]$/ }).waitFor({ timeout: 45_000 });
    await page.evaluate('window.print = () => { window.printed = true; }');
    await page.getByRole('button', { name: 'Print' }).click();
    expect(await page.evaluate('window.printed')).toBe(true);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped').first().waitFor({ timeout: 45_000 });
  });

  visit('walk from a terminal in its box to a test payment', {}, async (visitor) => {
    const { page } = visitor;
    const { siteId, registerId, terminals } = kkm().stack;
    await put('card', 'pax-1');
    expect((await kkm().call('DELETE', `/v1/terminals/pax-2?siteId=${siteId}`)).status).toBe(204);
    await visitor.signIn(people().manager);
    await visitor.open('/equipment/add-terminal');
    await page.getByRole('textbox', { name: 'Name' }).fill('Bar');
    await page.getByRole('textbox', { name: /^Id/ }).fill('pax-2');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Address of the terminal').fill(terminals[1]?.host ?? '');
    await page.getByLabel('Port').fill(String(terminals[1]?.port));
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Run the link test' }).click();
    await page.getByText('The terminal answers').waitFor({ timeout: 30_000 });
    const found = await page.getByLabel('Bank terminal id').inputValue();
    expect(found).not.toBe('');
    await page.getByRole('button', { name: 'Save the terminal' }).click();
    await choose(visitor, 'Register', registerId);
    await page.getByText('This register’s payments go to pax-1 now.').waitFor();
    await page.getByRole('button', { name: 'Save settings and go on' }).click();
    for (const button of [/^Card, /, /^SBP QR, /]) {
      await page.getByRole('button', { name: button }).click();
      await page.getByText(/^It works: /).waitFor({ timeout: 30_000 });
      await page.getByRole('button', { name: button, disabled: false }).waitFor();
    }
    await page.getByRole('link', { name: 'Done: to the terminal' }).click();
    await page.getByRole('heading', { name: 'Bar', level: 1 }).waitFor();
    expect(await acquiring()).toMatchObject({ option: 'card_or_sbp_qr', terminalId: 'pax-2' });
    expect((await kkm().call<{ bank: object }>('GET', `/v1/terminals/pax-2?siteId=${siteId}`)).body.bank).toMatchObject({ terminalId: found });
  });

  visit('are not for a cashier', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().cashier);
    await visitor.open('/payments');
    await page.getByRole('link', { name: 'Terminals' }).waitFor();
    expect(await page.getByRole('link', { name: 'Equipment setup' }).count()).toBe(0);
  });
});
