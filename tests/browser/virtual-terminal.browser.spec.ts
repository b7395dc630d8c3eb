import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Conversation, TerminalAnswer } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import { checkoutRoot, freePorts, startService } from '@kkm/stack';
import type { ServiceProcess } from '@kkm/stack';
import { describeWith, eventually } from '@kkm/testkit';
import { connectTcp, machineTimers } from '@kkm/transports';
import { seriousFindings, sidewaysPixels } from './harness/accessibility';
import { startBrowser } from './harness/start-browser';
import { Visitor } from './harness/visitor';

const driver = driverNamed('inpas-sa');
const hooks = { mayStillSend: () => true, onSent: () => undefined, onHeartbeat: () => undefined, store: () => Promise.resolve() };
const outcomeOf = (answer: TerminalAnswer): string => (answer.kind === 'outcome' ? answer.outcome.kind : answer.kind);

describeWith(['chromium'], 'the page of the virtual terminals', () => {
  let browser: Browser;
  let service: ServiceProcess;
  let ports: readonly number[];
  let visitor: Visitor;
  const registers: Conversation[] = [];

  beforeAll(async () => {
    const directory = join(checkoutRoot(), 'coverage', 'browser', 'virtual-terminal');
    mkdirSync(directory, { recursive: true });
    const [http = 0, ...own] = await freePorts(3);
    ports = own;
    const terminals = own.map((port, index) => `pax-${index + 1}:${port}`).join(',');
    const environment = { KKM_HTTP_HOST: '127.0.0.1', KKM_HTTP_PORT: String(http), KKM_VT_TERMINALS: terminals, KKM_LOG_LEVEL: 'warn' };
    service = startService({ name: 'virtual-terminal', app: 'virtual-terminal', environment, url: `http://127.0.0.1:${http}`, directory });
    await service.ready();
    browser = await startBrowser();
  });
  afterEach(async () => {
    // A guest who was left standing would have the terminal wait for him in the next test.
    await Promise.all(['pax-1', 'pax-2'].map((id) => call('POST', `/terminals/${id}/attendant`, { action: 'restart' })));
    await leave();
    visitor.expectNoFaults();
    await visitor.leave();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop('SIGTERM');
  });

  /** Opens the page, with the guest of pax-1 waiting for what is pressed. */
  async function visit(looking: Parameters<typeof Visitor.arrive>[2] = {}): Promise<Page> {
    for (const id of ['pax-1', 'pax-2']) {
      await eventually(async () => expect(await call('GET', `/terminals/${id}`)).toMatchObject({ reachable: true, screen: { state: 'idle' } }), 5_000);
      await call('PUT', `/terminals/${id}/behaviour`, { auto: 'none' });
    }
    visitor = await Visitor.arrive(browser, service.url, looking);
    await visitor.page.goto(service.url);
    await visitor.page.getByRole('button', { name: /pax-1/ }).waitFor();
    return visitor.page;
  }

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const init = body ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : { method };
    return (await fetch(`${service.url}${path}`, init)).json();
  }

  async function register(index = 0): Promise<Conversation> {
    const transport = await connectTcp({ host: '127.0.0.1', port: ports[index] ?? 0, timeoutMs: 2_000 });
    const conversation = driver.converse({ transport, profile: driver.parseProfile({}), timers: machineTimers, log: () => undefined });
    registers.push(conversation);
    return conversation;
  }

  async function leave(): Promise<void> {
    for (const conversation of registers.splice(0)) {
      conversation.close();
      await conversation.closed;
    }
  }

  const sell = async (amountMinor: number, index = 0): Promise<TerminalAnswer> =>
    (await register(index)).run({ kind: 'sale', reference: `att_${amountMinor}`, amountMinor, currency: 'RUB' }, hooks);
  const screen = (page: Page) => page.locator('.screen');
  const shows = (page: Page, text: string) => screen(page).getByText(text).waitFor();
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

  it.each([
    { language: 'en', scheme: 'light', screen: 'desktop' },
    { language: 'ru', scheme: 'dark', screen: 'desktop' },
    { language: 'ru', scheme: 'light', screen: 'phone' },
    { language: 'en', scheme: 'dark', screen: 'phone' },
  ] as const)('is usable by everybody: $language, $scheme, $screen', async (looking) => {
    const page = await visit(looking);
    expect(await page.locator('html').getAttribute('lang')).toBe(looking.language);
    await page.locator('summary').click();
    const answer = sell(12_300);
    await shows(page, '123.00 ₽');
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sidewaysPixels(page)).toBe(0);
    await press(page, looking.language === 'ru' ? 'Нажать красную клавишу' : 'Press the red key');
    expect(outcomeOf(await answer)).toBe('cancelled');
    await eventually(async () => expect(await seriousFindings(page)).toEqual([]));
  });

  it('plays a guest with a bad card, then with a good one, and the bank’s books beside', async () => {
    const page = await visit();
    const declined = sell(10_100);
    await shows(page, '101.00 ₽');
    await page.getByLabel('Card', { exact: true }).selectOption('insufficient_funds');
    await press(page, 'Tap the card');
    expect(outcomeOf(await declined)).toBe('declined');
    await shows(page, 'НЕДОСТАТОЧНО СРЕДСТВ');
    await leave();
    const approved = sell(10_200);
    await shows(page, '102.00 ₽');
    await page.getByLabel('Card', { exact: true }).selectOption('ok');
    await page.getByRole('button', { name: 'Insert the card' }).focus();
    await page.keyboard.press('Enter');
    expect(outcomeOf(await approved)).toBe('approved');
    await page.getByRole('row', { name: /sale.*102\.00.*pax-1/ }).waitFor();
    expect(await page.getByRole('row', { name: /101\.00/ }).count()).toBe(0);
  });

  it('shows a QR, lets the guest pay it, and shows words from outside as words', async () => {
    const page = await visit();
    const conversation = await register();
    const header = '<img src=x onerror=alert(1)>';
    const shown = conversation.run({ kind: 'show-qr', payload: 'https://qr.nspk.ru/AS1000', header, footer: '7.00', seconds: 5 }, hooks);
    await page.getByRole('img', { name: 'QR code on the screen of pax-1' }).waitFor();
    await shows(page, header);
    await press(page, 'Scan and pay the QR');
    expect(await shown).toMatchObject({ kind: 'qr-shown', how: 'ended' });
  });

  it('pulls the cable and puts it in again', async () => {
    const page = await visit();
    const answer = sell(10_300);
    await shows(page, '103.00 ₽');
    await press(page, 'Pull the cable');
    expect(outcomeOf(await answer)).toBe('unknown');
    await page.getByRole('button', { name: /pax-1 .*cable is out/ }).waitFor();
    await press(page, 'Walk away');
    await press(page, 'Plug the cable in');
    await page.getByRole('button', { name: 'Pull the cable' }).waitFor();
    await press(page, 'Switch off and on');
    await page.getByRole('button', { name: /pax-1 is off/ }).waitFor();
    await page.getByRole('button', { name: /pax-1 free/ }).waitFor();
  });

  it('arms faults by their names, and the switch by which the guest pays himself', async () => {
    const page = await visit();
    await page.getByText('Faults of the next operation').click();
    await page.getByLabel(/^Bank not reached/).check();
    await page.getByLabel('Slow bank: how much').fill('100');
    await press(page, 'Apply');
    await page.getByText('Waiting to strike: Bank not reached, Slow bank (100)').waitFor();
    await page.getByLabel('The guest by himself').selectOption('approve');
    await eventually(async () =>
      expect(await call('GET', '/terminals/pax-1')).toMatchObject({ behaviour: { auto: 'approve', faults: ['host_unreachable', 'slow_bank(100)'] } }),
    );
    expect(outcomeOf(await sell(10_400))).toBe('failed');
    await page.getByText('No fault is waiting.').waitFor();
  });

  it('says in words what the terminal refuses', async () => {
    const page = await visit();
    await page.getByText('Faults of the next operation').click();
    await page.getByLabel('Slow bank: how much').fill('600001');
    await press(page, 'Apply');
    await page.getByRole('alert').getByText('The number of slow_bank is 1 to 600000.').waitFor();
    visitor.faults.length = 0; // The browser notes the refusal as an error of its own.
  });

  it('keeps several terminals apart, and its language and terminal over a reload', async () => {
    const page = await visit();
    await press(page, /pax-2/);
    const answer = sell(10_500, 1);
    await shows(page, '105.00 ₽');
    await page.getByLabel('Language', { exact: true }).selectOption('ru');
    await page.reload();
    await shows(page, '105.00 ₽');
    expect(await page.title()).toBe('Виртуальные терминалы');
    await press(page, 'Приложить карту');
    expect(outcomeOf(await answer)).toBe('approved');
    await page.getByRole('row', { name: /оплата.*pax-2/ }).waitFor();
  });
});
