import type { Page } from 'playwright-core';
import type { TestKkm } from '../../e2e/harness/test-kkm';
import { untilParked } from './evening';
import type { Evening } from './evening';
import type { Credentials } from './people';

/** A text that would run, and put marked elements into the page, were it taken for markup, an address or a template. */
export const ill = `'"><img data-ill src=x onerror=ill=1><b data-ill>{{7*7}}`;

/** What only whoever enters names may choose, and who did: an administrator of that name. */
export interface PlantedTexts {
  readonly evening: Evening;
  readonly admin: Credentials;
}

/** Gives {@link ill} to everything that somebody outside, or some member of the staff, may call as he likes. */
export async function plantIllTexts(kkm: TestKkm, evening: Evening): Promise<PlantedTexts> {
  const { siteId, registerId } = kkm.stack;
  const admin = { name: ill, password: `password of ${ill}` };
  const enter = async (method: string, path: string, body: object): Promise<string> => {
    const answer = await kkm.call<{ id: string }>(method, path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const bank = { legalEntity: { name: ill }, settlementAccount: { number: '40702810900000005555' } };
  await enter('POST', '/v1/users', { ...admin, role: 'admin', siteId: null });
  await enter('POST', '/v1/api-keys', { name: ill, siteId: null, scopes: ['payments:read'] });
  await enter('PATCH', `/v1/sites/${siteId}`, { name: ill });
  await enter('PATCH', `/v1/registers/${registerId}?siteId=${siteId}`, { name: ill, unitName: ill });
  for (const { id } of kkm.stack.terminals) await enter('PATCH', `/v1/terminals/${id}?siteId=${siteId}`, { name: ill, bank });
  await enter('PATCH', `/v1/terminal-profiles/${evening.profileId}?siteId=${siteId}`, { name: ill });
  const webhookId = await enter('POST', '/v1/webhook-endpoints', { name: ill, url: `https://club.example/?${ill}`, siteId, enabled: false });
  const { body } = await kkm.pay({ orderId: ill, metadata: { [ill]: ill } }, { prefer: 'wait=20' });
  await kkm.refund(body.id, { reason: ill }, { prefer: 'wait=20' });
  const messageId = `ic-${ill}`;
  await kkm.events.request(siteId, 'cancel', { id: messageId, data: { paymentId: ill } });
  const parkedId = await untilParked(kkm, messageId);
  return { evening: { ...evening, paidId: body.id, webhookId, parkedId }, admin };
}

/** What banks and terminals say comes from outside as well; the virtual ones say nothing ill, so it is put into the answers that the page gets. */
export async function letBankSpeakIll(page: Page): Promise<void> {
  const said = /"(message|slip|maskedPan|scheme|hostResponseCode|authorisationCode|bankTerminalId|text|response)":"/g;
  await page.route(/\/v1\/(payments|terminals|webhook-endpoints)\//, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replace(said, (head) => head + JSON.stringify(ill).slice(1, -1)) });
  });
}

/** What came of {@link ill} on the page that is shown: elements that it made, or that it ran. Its text is to be seen, and nothing else. */
export function illDone(page: Page): Promise<number> {
  return page.evaluate<number>('document.querySelectorAll("[data-ill]").length + ("ill" in window ? 1 : 0)');
}
