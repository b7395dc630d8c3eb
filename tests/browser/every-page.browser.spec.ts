import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '@kkm/stack';
import { seriousFindings, sidewaysPixels } from './harness/accessibility';
import { describePages } from './harness/describe-pages';
import { playEvening } from './harness/evening';
import type { Evening } from './harness/evening';
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
    visit(`can be read by everybody: ${language}, ${scheme}, ${screen}`, look, async (visitor) => {
      const { page } = visitor;
      const found: string[] = [];
      await visitor.signIn(people().admin);
      for (const { name, path } of stops(kkm(), evening)) {
        await visitor.open(path);
        await untilLoaded(page);
        if (pictures !== '') {
          await page.screenshot({ path: join(checkoutRoot(), pictures, `${name}-${language}-${screen}.png`), fullPage: screen === 'phone' });
        }
        const text = await page.locator('main').innerText();
        found.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`));
        if ((await sidewaysPixels(page)) > 0) found.push(`${name}: is wider than the screen by ${await sidewaysPixels(page)} pixels`);
        if (language === 'ru' && untranslated.test(text)) found.push(`${name}: "${untranslated.exec(text)?.[0] ?? ''}" is not Russian`);
        if ((await page.title()) === 'KKM') found.push(`${name}: has no title of its own`);
      }
      expect(found).toEqual([]);
    });
  }
});
