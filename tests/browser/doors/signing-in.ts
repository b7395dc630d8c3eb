import { randomUUID } from 'node:crypto';
import type { Pages } from '../harness/describe-pages';
import { firstAdmin } from '../harness/people';
import type { Visitor } from '../harness/visitor';
import { seenWhileLoading } from '../harness/while-loading';

/** Fills in the form as a person does and sends it. */
async function fill({ page }: Visitor, name: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The menu of whoever is signed in: only there once the page has let him in. */
function own({ page }: Visitor, name = firstAdmin.name) {
  return page.getByRole('button', { name: new RegExp(`^${name}, `) });
}

/** What signing in is to do, and what stays of it in a browser. */
export function signingIn({ kkm, people, visit }: Pages): void {
  visit('tells a wrong password in words, and lets the right one in', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.open();
    await fill(visitor, firstAdmin.name, 'a wrong password');
    await page.getByText('Name or password is wrong').waitFor();
    expect(await page.getByLabel(/^Password/).inputValue()).toBe('');
    await fill(visitor, firstAdmin.name, firstAdmin.password);
    await own(visitor).waitFor();
  });

  visit('says what is missing before it asks', {}, async (visitor) => {
    await visitor.open();
    await visitor.page.getByRole('button', { name: 'Sign in' }).click();
    await visitor.page.getByText('Enter your name').waitFor();
    await visitor.page.getByText('Enter your password').waitFor();
  });

  visit('makes who guesses wait, and says how long', {}, async (visitor) => {
    const { page } = visitor;
    const name = `nobody-${randomUUID()}`;
    await visitor.open();
    // The first wait is a second, which a busy machine may not see.
    for (let waitSeconds = 0; waitSeconds < 2;) {
      const answer = page.waitForResponse((response) => response.url().endsWith('/v1/session') && response.request().method() === 'POST');
      await fill(visitor, name, 'one guess of many');
      waitSeconds = Number((await answer).headers()['retry-after'] ?? 0);
    }
    await page.getByText(/^Too many tries\. Wait \d+ seconds?\.$/).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Sign in', disabled: false }).waitFor();
  });

  visit('works with the keyboard alone', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.open();
    await page.getByRole('textbox', { name: 'Name' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type(people().cashier.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(people().cashier.password);
    await page.keyboard.press('Enter');
    await own(visitor, people().cashier.name).waitFor();
  });

  visit('comes back to where one was when the session has ended', {}, async (visitor) => {
    const { page } = visitor;
    const { name, password } = people().manager;
    await visitor.signIn(people().manager);
    await visitor.open('/account');
    await own(visitor, name).waitFor();
    await visitor.forget();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await fill(visitor, name, password);
    await page.getByRole('heading', { name: 'My password' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/account');
  });

  visit('says that the session has ended when the page hears of it', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().manager);
    await visitor.open('/account');
    await own(visitor, people().manager.name).waitFor();
    await visitor.forget();
    await page.getByLabel('Present password').fill('whatever it was');
    await page.getByLabel(/^New password(?! once)/).fill('something longer');
    await page.getByLabel('New password once more').fill('something longer');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your session has ended').waitFor();
  });

  visit('signs out, for good', {}, async (visitor) => {
    const { page } = visitor;
    await visitor.signIn(people().manager);
    await visitor.open('/account');
    await own(visitor, people().manager.name).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goBack();
    await visitor.open('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  visit('sets a new password, which ends the other sessions', {}, async (visitor) => {
    const { page } = visitor;
    const leaver = { name: 'Pavel', password: 'the old password' };
    await kkm().call('POST', '/v1/users', { body: { ...leaver, role: 'cashier', siteId: kkm().stack.siteId } });
    await visitor.signIn(leaver);
    await visitor.open('/account');
    await page.getByLabel('Present password').fill(leaver.password);
    await page.getByLabel(/^New password(?! once)/).fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('At least 10 characters').waitFor();
    await page.getByLabel(/^New password(?! once)/).fill('the new password');
    await page.getByLabel('New password once more').fill('the new passwort');
    await page.getByText('The two do not match').waitFor();
    await page.getByLabel('New password once more').fill('the new password');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The new password is set.').waitFor();
    await expect(visitor.signIn(leaver)).rejects.toThrow('401');
    await visitor.signIn({ ...leaver, password: 'the new password' });
  });

  visit('speaks the language of the browser, then the one that was chosen, and never flashes another', { language: 'ru' }, async (visitor) => {
    const { page } = visitor;
    await visitor.open();
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    await page.getByRole('button', { name: /Язык/ }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const seen = await seenWhileLoading(page, () => page.reload(), 'Sign in');
    expect(seen.texts.filter((text) => /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
    expect(seen.languages).toEqual(['en']);
  });

  visit('is dark when that was chosen, from the first frame on', { scheme: 'light' }, async (visitor) => {
    const { page } = visitor;
    await visitor.open();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const light = await seenWhileLoading(page, () => page.reload(), 'Sign in');
    await page.getByRole('button', { name: /Appearance/ }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    const dark = await seenWhileLoading(page, () => page.reload(), 'Sign in');
    expect([light.backgrounds.length, dark.backgrounds.length]).toEqual([1, 1]);
    expect(dark.backgrounds).not.toEqual(light.backgrounds);
  });
}
