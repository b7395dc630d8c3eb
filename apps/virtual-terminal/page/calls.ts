import type { BankTotals, BankTransaction } from '@kkm/drivers/terminals';
import type { TerminalView } from '../src/terminal-view';

/** The control API refused, or did not answer: in its words. */
export class Refused extends Error {}

/** All terminals as they are now. */
export async function readTerminals(): Promise<readonly TerminalView[]> {
  return (await call<{ terminals: readonly TerminalView[] }>('GET', '/terminals')).terminals;
}

/** The bank's books, oldest first. */
export async function readBooks(): Promise<readonly BankTransaction[]> {
  return (await call<{ transactions: readonly BankTransaction[] }>('GET', '/bank/transactions')).transactions;
}

/** What the bank took and gave back. */
export async function readTotals(): Promise<BankTotals> {
  return (await call<{ all: BankTotals }>('GET', '/bank/totals')).all;
}

/** The guest does something. */
export function customer(id: string, action: string, card: string): Promise<TerminalView> {
  return call('POST', `${pathOf(id)}/customer`, { action, card });
}

/** Staff do something to the terminal. */
export function attendant(id: string, body: { readonly action: string; readonly amount?: number }): Promise<TerminalView> {
  return call('POST', `${pathOf(id)}/attendant`, body);
}

/** How the terminal behaves from now on. */
export function behave(id: string, behaviour: object): Promise<TerminalView> {
  return call('PUT', `${pathOf(id)}/behaviour`, behaviour);
}

/** Where the picture of the QR on a terminal's screen is; `qr` makes it another address for another code. */
export function pictureOf(id: string, qr: string): string {
  return `${pathOf(id)}/qr.png?${encodeURIComponent(qr.slice(-64))}`;
}

function pathOf(id: string): string {
  return `/terminals/${encodeURIComponent(id)}`;
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const init = body ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : { method };
  const response = await fetch(path, init);
  const answer = (await response.json()) as unknown;
  if (!response.ok) throw new Refused(wordsOf(answer));
  return answer as T;
}

function wordsOf(problem: unknown): string {
  const { detail, title } = problem as { detail?: string; title?: string };
  return detail ?? title ?? '';
}
