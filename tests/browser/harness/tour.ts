import type { Page } from 'playwright-core';
import { eventually } from '@kkm/testkit';
import type { TestKkm } from '../../e2e/harness/test-kkm';
import type { Evening } from './evening';

/** A page of the admin as somebody finds it. */
export interface Stop {
  /** Of its picture. */
  readonly name: string;
  /** Below `/admin`. */
  readonly path: string;
}

/** Every page, in the order of the menu. */
export function stops(kkm: TestKkm, { paidId, declinedId, profileId, certificationId, webhookId, parkedId }: Evening): readonly Stop[] {
  const { siteId, registerId } = kkm.stack;
  return [
    { name: 'payments', path: '/payments' },
    { name: 'payment-paid', path: `/payments/${paidId}` },
    { name: 'payment-declined', path: `/payments/${declinedId}` },
    { name: 'registers', path: '/equipment' },
    { name: 'register', path: `/equipment/registers/${siteId}/${registerId}` },
    { name: 'register-new', path: '/equipment/registers/new' },
    { name: 'equipment-terminals', path: '/equipment/terminals' },
    { name: 'terminal-settings', path: `/equipment/terminals/${siteId}/pax-1` },
    { name: 'terminal-new', path: '/equipment/add-terminal' },
    { name: 'instructions', path: '/equipment/instructions/pax-q25' },
    { name: 'profiles', path: '/equipment/profiles' },
    { name: 'profile', path: `/equipment/profiles/${siteId}/${profileId}` },
    { name: 'profile-new', path: '/equipment/profiles/new' },
    { name: 'sites', path: '/equipment/sites' },
    { name: 'site', path: `/equipment/sites/${siteId}` },
    { name: 'site-new', path: '/equipment/sites/new' },
    { name: 'terminals', path: '/terminals' },
    { name: 'terminal', path: `/terminals/${siteId}/pax-1` },
    { name: 'certification', path: `/terminals/${siteId}/pax-2/certification/${certificationId}` },
    { name: 'parked', path: '/parked' },
    { name: 'parked-message', path: `/parked/${parkedId}` },
    { name: 'webhooks', path: '/webhooks' },
    { name: 'webhook', path: `/webhooks/${webhookId}` },
    { name: 'people', path: '/people' },
    { name: 'api-keys', path: '/api-keys' },
    { name: 'audit', path: '/audit' },
    { name: 'account', path: '/account' },
    { name: 'not-found', path: '/nowhere' },
  ];
}

/** Waits until nothing on the page is still being loaded. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await eventually(async () => {
    const loading = await page.locator('.mantine-Skeleton-root, .mantine-Loader-root, [aria-busy=true]').count();
    if (loading > 0) throw new Error(`${page.url()} is still being loaded`);
  });
}
