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

/** Gives a site an account at the virtual bank, and the bank the address of its notifications. Repeatable. */
export async function enterSbpAccount(gateway: GatewayAccess, siteId: string, bank: VirtualBank): Promise<void> {
  const baseUrl = `${bank.virtualTerminal}/raiffeisen`;
  const { secret } = bank;
  await send('PUT', `${gateway.api}/v1/sites/${siteId}/sbp-account`, {
    key: gateway.apiKey,
    body: { bank: 'raiffeisen', baseUrl, merchantId: virtualMerchant, secret },
  });
  if (bank.notifyAt === null) return;
  await send('POST', `${baseUrl}/settings/v1/callback`, {
    key: secret,
    body: { callbackUrl: `${bank.notifyAt}/v1/sbp-notifications/raiffeisen/${siteId}` },
  });
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
