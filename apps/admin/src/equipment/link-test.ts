import type { ReadBody, SentBody } from '@kkm/contracts';
import { api, inPath, newKey } from '../api/api';

/** How a link test ended, or that it has not yet. */
export type LinkTest = Pick<ReadBody<'TerminalRequest'>, 'state' | 'text' | 'link' | 'problem' | 'reason'>;

/** What is tried of a terminal whose settings are not saved. */
export type LinkDraft = NonNullable<NonNullable<SentBody<'TestLink'>>['draft']>;

/** Seconds for which one answer is held; a test that has not ended then is asked about again. */
const waitSeconds = 20;
const asksMax = 4;

/** Whether a test has ended. */
export function hasEnded({ state }: Pick<LinkTest, 'state'>): boolean {
  return state !== 'asked' && state !== 'running';
}

/** Tests the link of a terminal that exists, as it is saved or with settings that are not. */
export async function testLink(siteId: string, id: string, draft: LinkDraft | null): Promise<LinkTest> {
  const body = draft === null ? {} : { draft };
  const path = inPath`/v1/terminals/${id}/link-test`;
  return asked((key) => api.post<'TerminalRequest'>(path, { query: { siteId }, body, key, waitSeconds }));
}

/** Tests the link of a terminal that is not there yet. */
export async function testNewLink(body: SentBody<'CreateLinkTest'>): Promise<LinkTest> {
  return asked((key) => api.post<'LinkTest'>('/v1/link-tests', { body, key, waitSeconds }));
}

/** Asks until the test has ended. Under one key the terminal is asked once, however often KKM is. */
async function asked(ask: (key: string) => Promise<LinkTest>): Promise<LinkTest> {
  const key = newKey();
  let test = await ask(key);
  for (let asks = 1; asks < asksMax && !hasEnded(test); asks += 1) test = await ask(key);
  return test;
}
