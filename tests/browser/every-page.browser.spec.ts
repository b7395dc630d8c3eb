import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '@kkm/stack';
import { eventually } from '@kkm/testkit';
import { cutOff, seriousFindings, sidewaysPixels } from './harness/accessibility';
import { describePages } from './harness/describe-pages';
import { playEvening, untilParked } from './harness/evening';
import type { Evening } from './harness/evening';
import { ill, illDone, letBankSpeakIll, plantIllTexts } from './harness/ill-texts';
import { keepPicture } from './harness/picture';
import { stops, untilLoaded } from './harness/tour';
import type { Looking } from './harness/visitor';

/** Where pictures are kept; empty: none is taken. */
const pictures = process.env['KKM_SCREENSHOTS'] ?? '';

/** Between them: both languages, both appearances, both screens. Pictures are taken in two more. */
const looks: readonly Required<Omit<Looking, 'at'>>[] = [
  { language: 'en', scheme: 'light', screen: 'desktop' },
  { language: 'ru', scheme: 'dark', screen: 'phone' },
];
const morePictures: readonly Required<Omit<Looking, 'at'>>[] = [
  { language: 'ru', scheme: 'dark', screen: 'desktop' },
  { language: 'en', scheme: 'light', screen: 'phone' },
];

/** Words that no Russian page has, unless within a name that programs use: a path, a scope, the type of an event. */
const untranslated = /(?<![\w./:-])(payments|settings|equipment|terminal|register|save|cancel|delete|add|search|charged|declined|amount)(?![\w/:-]|\.\w)/i;

/** Pages that show texts from outside. */
const showingNames = [
  ...['payments', 'payment-paid', 'registers', 'register', 'equipment-terminals', 'terminal-settings', 'profiles', 'profile', 'sites', 'site', 'terminals'],
  ...['terminal', 'certification', 'webhooks', 'webhook', 'people', 'api-keys', 'audit', 'parked-message'],
];

describePages('every page', { suite: 'every-page', terminals: 2 }, ({ kkm, people, visit }) => {
  let evening: Evening;
  beforeAll(async () => {
    evening = await playEvening(kkm());
    if (pictures !== '') mkdirSync(join(checkoutRoot(), pictures), { recursive: true });
  }, 60_000);

  visit('list an administrator, who belongs to no site, where there is one site only', {}, async (visitor) => {
    await visitor.signIn(people().admin);
    await visitor.open('/people');
    await visitor.page.getByRole('row').filter({ hasText: people().admin.name }).waitFor();
  });

  for (const look of pictures === '' ? looks : [...looks, ...morePictures]) {
    const { language, scheme, screen } = look;
    // The last look is at names that are markup: where one is taken for it, the visit fails by what ran. Pictures are of good names.
    const isIll = pictures === '' && look === looks.at(-1);
    visit(`can be read by everybody: ${language}, ${scheme}, ${screen}${isIll ? ', whatever things are called' : ''}`, look, async (visitor) => {
      const { page } = visitor;
      const found: string[] = [];
      const seenIll: string[] = [];
      const planted = isIll ? await plantIllTexts(kkm(), evening) : { evening, admin: people().admin };
      if (isIll) await letBankSpeakIll(page);
      await visitor.signIn(planted.admin);
      for (const { name, path } of stops(kkm(), planted.evening)) {
        await visitor.open(path);
        await untilLoaded(page);
        if (pictures !== '') {
          await keepPicture(page, { file: join(checkoutRoot(), pictures, `${name}-${language}-${screen}.webp`), whole: screen === 'phone' });
        }
        const text = await page.locator('main').innerText();
        found.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`));
        if ((await sidewaysPixels(page)) > 0) found.push(`${name}: is wider than the screen by ${await sidewaysPixels(page)} pixels`);
        // Slips and evidence are kept as they were said.
        const own = (await page.locator('main .kkm-slip').allInnerTexts()).reduce((rest, said) => rest.replace(said, ''), text);
        if ((await cutOff(page)) > 0) found.push(`${name}: has buttons in its head that are cut off`);
        if (language === 'ru' && untranslated.test(own)) found.push(`${name}: "${untranslated.exec(own)?.[0] ?? ''}" is not Russian`);
        if ((await illDone(page)) > 0) found.push(`${name}: takes a text from outside for markup`);
        if (text.includes(ill)) seenIll.push(name);
        if ((await page.title()) === 'KKM') found.push(`${name}: has no title of its own`);
      }
      expect(found).toEqual([]);
      if (!isIll) return;
      expect(showingNames.filter((name) => !seenIll.includes(name))).toEqual([]);
      const { parkedId } = planted.evening;
      expect((await kkm().call('POST', `/v1/parked-messages/${parkedId}/dismiss`, { body: { reason: 'It was to be looked at' } })).status).toBe(200);
    });
  }

  visit('replay a parked message whose cause is gone, and dismiss one with a reason, by the keyboard', {}, async (visitor) => {
    const { page } = visitor;
    const { siteId } = kkm().stack;
    const orderId = kkm().newOrder();
    const data = { siteId, orderId, amount: 15_000, currency: 'RUB', method: 'card', registerId: 'desk-late' };
    await kkm().events.request(siteId, 'payment', { id: 'ic-early', data });
    const early = await untilParked(kkm(), 'ic-early');
    await kkm().call('POST', '/v1/registers', { body: { id: 'desk-late', siteId, name: 'Late', automaticAcquiring: { option: 'card', terminalId: 'pax-1' } } });
    await visitor.signIn(people().admin);
    await visitor.open('/parked');
    await page.getByRole('link', { name: `${siteId}.payment.requested` }).click();
    await page.waitForURL(`**/parked/${early}`);
    await page.getByText(orderId).waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('Replayed', { exact: true }).waitFor();
    await eventually(async () => expect((await kkm().payments()).filter((payment) => payment.orderId === orderId)).toHaveLength(1));
    expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);

    await visitor.open(`/parked/${evening.parkedId}`);
    await page.getByRole('button', { name: 'Dismiss' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why nothing is to be done').focus();
    await dialog.getByRole('button', { name: 'Dismiss' }).press('Enter');
    await dialog.getByText('Write why').waitFor();
    await dialog.getByLabel('Why nothing is to be done').focus();
    await page.keyboard.type('<b>Not ours</b>');
    await dialog.getByRole('button', { name: 'Dismiss' }).press('Enter');
    await page.getByText('Olga Petrova: <b>Not ours</b>').waitFor();
    await visitor.open('/parked');
    await page.getByText('Nothing is parked').waitFor();
  });
});
