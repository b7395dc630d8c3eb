import { eventually, ScriptedReceiver } from '@kkm/testkit';
import type { Pages } from '../harness/describe-pages';

/** The wall clock of a visitor's browser as its fields take it, an hour ago. */
const anHourAgo = (): string => new Date(Date.now() + (3 - 1) * 3_600_000).toISOString().slice(0, 16);

/** What an administrator does with people, keys and webhooks: every button of their pages. */
export function givingAccess({ kkm, people, visit }: Pages): void {
  visit('adds a person, changes him, gives him a password, and deletes him', {}, async (visitor) => {
    const { page } = visitor;
    const dialog = page.getByRole('dialog');
    const row = page.getByRole('row').filter({ hasText: 'Anna' });
    await visitor.signIn(people().admin);
    await visitor.open('/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    await dialog.getByText('Enter your name').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Anna');
    await dialog.getByLabel(/^First password/).fill('the first password');
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    await row.getByText('Switched on').waitFor();
    await page.getByRole('button', { name: 'Set a password: Anna' }).click();
    await dialog.getByLabel(/^New password/).fill('the second password');
    await dialog.getByRole('button', { name: 'Set a password' }).click();
    await page.getByText('The new password is set.').waitFor();
    await visitor.signIn({ name: 'Anna', password: 'the second password' });
    await visitor.signIn(people().admin);
    await page.getByRole('button', { name: 'Change: Anna' }).click();
    await dialog.getByRole('switch', { name: 'May sign in' }).uncheck({ force: true });
    await dialog.getByRole('button', { name: 'Change' }).click();
    await row.getByText('Switched off').waitFor();
    await expect(visitor.signIn({ name: 'Anna', password: 'the second password' })).rejects.toThrow('401');
    await page.getByRole('button', { name: 'Delete: Anna' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
  });

  visit('makes a key that is shown once, gives it a successor, and revokes it', {}, async (visitor) => {
    const { page } = visitor;
    const dialog = page.getByRole('dialog');
    const answerTo = async (key: string): Promise<number> =>
      (await kkm().call('GET', '/v1/payments?limit=1', { headers: { authorization: `Bearer ${key}` } })).status;
    const take = async (): Promise<string> => {
      const key = await dialog.getByRole('textbox', { name: 'API key' }).inputValue();
      await dialog.getByRole('button', { name: 'I have kept it' }).click();
      return key;
    };
    await visitor.signIn(people().admin);
    await visitor.open('/api-keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('iCafeCloud');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    const first = await take();
    expect(await answerTo(first)).toBe(200);
    await page.getByRole('button', { name: 'Rotate: iCafeCloud' }).click();
    await dialog.getByLabel('The old key still works for').first().click();
    await page.getByRole('option', { name: 'not at all' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const second = await take();
    await eventually(async () => expect([await answerTo(first), await answerTo(second)]).toEqual([401, 200]));
    await page.getByRole('button', { name: 'Revoke: iCafeCloud' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'iCafeCloud' })
      .getByText(/^Revoked /)
      .waitFor();
    await eventually(async () => expect(await answerTo(second)).toBe(401));
  });

  visit('points a webhook somewhere, tests it, sends again, and deletes it', {}, async (visitor) => {
    const { page } = visitor;
    const dialog = page.getByRole('dialog');
    const receiver = await ScriptedReceiver.start();
    const heard = (count: number): Promise<unknown> => eventually(() => expect(receiver.heard).toHaveLength(count));
    try {
      await visitor.signIn(people().admin);
      await visitor.open('/webhooks');
      await page.getByRole('button', { name: 'Add a webhook' }).first().click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Bar');
      await dialog.getByRole('textbox', { name: 'Address' }).fill(`${receiver.url}/kkm`);
      await dialog.getByRole('button', { name: 'Add a webhook' }).click();
      await dialog.getByRole('textbox', { name: 'Secret' }).waitFor();
      await dialog.getByRole('button', { name: 'I have kept it' }).click();
      await page.getByRole('button', { name: 'Send a test' }).click();
      await heard(1);
      await page.getByRole('button', { name: 'Load anew' }).click();
      await page.getByRole('button', { name: /Delivered/ }).click();
      await page.getByRole('button', { name: 'Send again' }).click();
      await heard(2);
      await page.getByRole('button', { name: 'Replay …' }).click();
      await dialog.getByLabel(/^From/).fill(anHourAgo());
      await dialog.getByRole('switch', { name: 'Only what did not arrive' }).uncheck({ force: true });
      await dialog.getByRole('button', { name: 'Replay …' }).click();
      await page.getByText(/^\d+ events? (is|are) sent again$/).waitFor();
      await page.getByRole('button', { name: 'New secret' }).click();
      await dialog.getByRole('button', { name: 'New secret' }).click();
      await dialog.getByRole('button', { name: 'I have kept it' }).click();
      await page.getByRole('button', { name: 'Change …' }).click();
      await dialog.getByRole('switch', { name: 'Send events there' }).uncheck({ force: true });
      await dialog.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByText('Switched off').waitFor();
      expect(await page.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Delete' }).click();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('No webhooks yet').waitFor();
    } finally {
      await receiver.stop();
    }
  });
}
