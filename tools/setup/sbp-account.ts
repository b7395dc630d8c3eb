import type { GatewayAccess } from './equipment';

/** The merchant that every virtual bank knows. */
export const virtualMerchant = 'MA0000000001';

/** The virtual terminal's bank: it speaks Raiffeisen's interface on the port of its page. */
export interface VirtualBank {
  /** Origin of the virtual terminal, as KKM's ledger reaches it. */
  readonly virtualTerminal: string;
  readonly secret: string;
  /** Origin of the gateway as the bank reaches it; null: the bank notifies nobody and KKM polls. */
  readonly notifyAt: string | null;
}

/**
 * Gives a site an account at the virtual bank, and the bank the address of its notifications. Repeatable: it runs at every start, and leaves an account that
 * somebody has set at a real bank as it is.
 */
export async function enterSbpAccount(gateway: GatewayAccess, siteId: string, bank: VirtualBank): Promise<void> {
  const account = `${gateway.api}/v1/sites/${siteId}/sbp-account`;
  const baseUrl = `${bank.virtualTerminal}/raiffeisen`;
  const { secret } = bank;
  if (!(await isVirtualOrNone(account, gateway.apiKey))) return;
  await send('PUT', account, { key: gateway.apiKey, body: { bank: 'raiffeisen', baseUrl, merchantId: virtualMerchant, secret } });
  if (bank.notifyAt === null) return;
  await send('POST', `${baseUrl}/settings/v1/callback`, {
    key: secret,
    body: { callbackUrl: `${bank.notifyAt}/v1/sbp-notifications/raiffeisen/${siteId}` },
  });
}

/** The virtual bank's own address changes from start to start; its merchant and the path do not, and a real bank is reached by https alone. */
async function isVirtualOrNone(account: string, key: string): Promise<boolean> {
  const answer = await fetch(account, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(15_000) });
  if (answer.status === 404) return true;
  if (!answer.ok) throw new Error(`GET ${new URL(account).pathname} answered ${answer.status}: ${await answer.text()}`);
  const { baseUrl, merchantId } = (await answer.json()) as { readonly baseUrl: string; readonly merchantId: string };
  const { protocol, pathname } = new URL(baseUrl);
  return merchantId === virtualMerchant && protocol === 'http:' && pathname === '/raiffeisen';
}

/** What went wrong is told without the body, which holds the secret. */
async function send(method: 'PUT' | 'POST', url: string, request: { readonly key: string; readonly body: unknown }): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${request.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}: ${text}`);
}
