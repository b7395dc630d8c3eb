import { randomUUID } from 'node:crypto';
import type { Payment } from '@kkm/core';
import type { Endpoints } from '../system/endpoints';

/** One movement in the virtual bank's books. */
export interface BankEntry {
  readonly rrn: string;
  readonly kind: string;
  readonly amount: number;
  readonly reversed: boolean;
}

/** Opens a payment on the first register, whose automatic acquiring chooses the terminal. */
export function openPayment(
  endpoints: Endpoints,
  order: { readonly orderId: string; readonly amount: number; readonly method: 'card' | 'sbp_qr' },
): Promise<Payment> {
  return post<Payment>(endpoints, '/v1/payments', { siteId: endpoints.siteId, registerId: endpoints.registerId, currency: 'RUB', ...order });
}

/** Asks for a further attempt on the same bill. */
export function redoPayment(endpoints: Endpoints, paymentId: string): Promise<Payment> {
  return post<Payment>(endpoints, `/v1/payments/${paymentId}/redo`, {});
}

/** Reads a payment. */
export function readPayment({ api, apiKey }: Endpoints, paymentId: string): Promise<Payment> {
  return send<Payment>('GET', `${api}/v1/payments/${paymentId}`, { headers: { authorization: `Bearer ${apiKey}` } });
}

/** The payment that holds the charge which the bank calls so. */
export async function paymentByRrn({ api, apiKey, siteId }: Endpoints, rrn: string): Promise<Payment> {
  const page = await send<{ readonly payments: readonly Payment[] }>('GET', `${api}/v1/payments?siteId=${siteId}&rrn=${rrn}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const [payment] = page.payments;
  if (!payment) throw new Error(`no payment has the RRN ${rrn}`);
  return payment;
}

/** Posts a command to the KkmServer door, which may take its time. */
export function postToDoor<T>({ kkmserver, kkmserverUser, kkmserverPassword }: Endpoints, command: Readonly<Record<string, unknown>>): Promise<T> {
  const authorization = `Basic ${Buffer.from(`${kkmserverUser}:${kkmserverPassword}`).toString('base64')}`;
  return send<T>('POST', `${kkmserver}/Execute`, { body: command, headers: { authorization }, withinMs: 30_000 });
}

/** Lets the terminal wait for the guest instead of answering by itself, and the bank take its time, as banks do. */
export function waitForGuest({ virtualTerminal, terminalId }: Endpoints): Promise<unknown> {
  return send('PUT', `${virtualTerminal}/terminals/${terminalId}/behaviour`, { body: { auto: 'none', faults: ['slow_bank(400)'], sticky: true } });
}

/** Lets the guest scan a QR or tap a card by himself, a moment after he is asked to. */
export function letGuestPay({ virtualTerminal, terminalId }: Endpoints): Promise<unknown> {
  return send('PUT', `${virtualTerminal}/terminals/${terminalId}/behaviour`, { body: { auto: 'approve', delayMs: 900 } });
}

/** The guest taps a card: `ok`, or one that the bank declines. */
export function tap({ virtualTerminal, terminalId }: Endpoints, card: string): Promise<unknown> {
  return send('POST', `${virtualTerminal}/terminals/${terminalId}/customer`, { body: { action: 'tap', card } });
}

/** The bank's own books: what moved money and nothing else. */
export async function bankBooks({ virtualTerminal }: Endpoints): Promise<readonly BankEntry[]> {
  return (await send<{ readonly transactions: readonly BankEntry[] }>('GET', `${virtualTerminal}/bank/transactions`)).transactions;
}

function post<T>({ api, apiKey }: Endpoints, path: string, body: unknown): Promise<T> {
  return send<T>('POST', `${api}${path}`, { body, headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': `"${randomUUID()}"` } });
}

async function send<T>(
  method: string,
  url: string,
  request: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly withinMs?: number } = {},
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(request.withinMs ?? 10_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
