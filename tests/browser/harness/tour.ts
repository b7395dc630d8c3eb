import type { Page } from 'playwright-core';
import { eventually } from '@kkm/testkit';
import type { TestKkm } from '../../e2e/harness/test-kkm';

/** A page of the admin as somebody finds it. */
export interface Stop {
  /** Of its picture. */
  readonly name: string;
  /** Below `/admin`. */
  readonly path: string;
}

/** What a visit of a page needs to have happened at the café. */
export interface Evening {
  readonly paidId: string;
  readonly declinedId: string;
}

/** An evening at a café: card and QR, a decline, money given back, cards that are not read at once. */
export async function playEvening(kkm: TestKkm): Promise<Evening> {
  const wait = { prefer: 'wait=20' };
  const behave = (behaviour: Parameters<TestKkm['terminals']['behave']>[1]) => kkm.terminals.behave('pax-1', behaviour);
  await behave({});
  const paid = await kkm.pay({ orderId: 'ic-100045', metadata: { memberId: '42', place: 'PC-07' } }, wait);
  await kkm.payBySbp({ orderId: 'ic-100046', amount: 32_000 }, wait);
  const returned = await kkm.pay({ orderId: 'ic-100047', amount: 9_900 }, wait);
  await kkm.refund(returned.body.id, {}, wait);
  await behave({ auto: 'decline' });
  const declined = await kkm.pay({ orderId: 'ic-100048', amount: 45_000 }, wait);
  await behave({ faults: ['read_failures(2)'] });
  await kkm.pay({ orderId: 'ic-100049', amount: 12_500 }, wait);
  await kkm.call('POST', `/v1/terminals/pax-1/link-test?siteId=${kkm.stack.siteId}`, { headers: wait });
  return { paidId: paid.body.id, declinedId: declined.body.id };
}

/** Every page, in the order of the menu. */
export function stops(kkm: TestKkm, { paidId, declinedId }: Evening): readonly Stop[] {
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
    { name: 'profiles', path: '/equipment/profiles' },
    { name: 'sites', path: '/equipment/sites' },
    { name: 'site', path: `/equipment/sites/${siteId}` },
    { name: 'terminals', path: '/terminals' },
    { name: 'terminal', path: `/terminals/${siteId}/pax-1` },
    { name: 'account', path: '/account' },
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
