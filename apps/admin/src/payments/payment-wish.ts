import { methods, paymentStatuses, purposes } from '@kkm/core';
import type { Method, PaymentStatus, Purpose } from '@kkm/core';
import type { CallOptions } from '../api/api';
import { minorOf } from './amounts';

/** Spans of time that a list can be narrowed to. */
export const periods = ['all', 'today', 'yesterday', 'week', 'month', 'own'] as const;
/** One of {@link periods}. */
export type Period = (typeof periods)[number];

/** What a text that is searched for can be. */
export const searchedBy = ['order', 'rrn', 'amount'] as const;
/** One of {@link searchedBy}. */
export type SearchedBy = (typeof searchedBy)[number];

/** Which payments a person wants to see; it stands in the address, so that it can be sent and kept. */
export interface PaymentWish {
  readonly status: PaymentStatus | null;
  readonly purpose: Purpose | null;
  readonly method: Method | null;
  /** Number of a settlement account. */
  readonly account: string | null;
  readonly period: Period;
  /** Days of {@link Period} `own`, `YYYY-MM-DD`, both included; empty: open. */
  readonly from: string;
  readonly to: string;
  readonly by: SearchedBy;
  readonly text: string;
}

/** Everything. */
export const anyPayment: PaymentWish = { status: null, purpose: null, method: null, account: null, period: 'all', from: '', to: '', by: 'order', text: '' };

const dayMs = 86_400_000;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a wish from an address; what the address says wrong is passed over. */
export function wishOf(params: URLSearchParams): PaymentWish {
  return {
    status: memberOf(paymentStatuses, params.get('status')),
    purpose: memberOf(purposes, params.get('purpose')),
    method: memberOf(methods, params.get('method')),
    account: accountOf(params.get('account')),
    period: memberOf(periods, params.get('period')) ?? 'all',
    from: dayOf(params.get('from')),
    to: dayOf(params.get('to')),
    by: memberOf(searchedBy, params.get('by')) ?? 'order',
    text: params.get('text') ?? '',
  };
}

/** Writes a wish into an address; what is usual is left out. */
export function paramsOf(wish: PaymentWish): Record<string, string> {
  const all = Object.entries(wish) as [keyof PaymentWish, string | null][];
  return Object.fromEntries(all.filter(([name, value]) => value !== null && value !== anyPayment[name]).map(([name, value]) => [name, value ?? '']));
}

/** Whether the text that is searched for can be nothing of the kind. */
export function isMistyped({ by, text }: PaymentWish): boolean {
  return by === 'amount' && text.trim() !== '' && minorOf(text) === null;
}

/** The members of a query that `GET /v1/payments` takes. */
export interface PaymentQuery extends NonNullable<CallOptions['query']> {
  readonly siteId?: string;
  readonly status?: PaymentStatus;
  readonly purpose?: Purpose;
  readonly method?: Method;
  readonly settlementAccount?: string;
  readonly orderId?: string;
  readonly rrn?: string;
  readonly amount?: number;
  readonly from?: string;
  readonly to?: string;
}

/** The query for a wish. Days are those of the browser's clock. */
export function queryOf(wish: PaymentWish, siteId: string | null, now: Date): PaymentQuery {
  const text = wish.text.trim();
  const amount = minorOf(text);
  const { from, to } = spanOf(wish, now);
  return {
    ...(siteId !== null && { siteId }),
    ...(wish.status !== null && { status: wish.status }),
    ...(wish.purpose !== null && { purpose: wish.purpose }),
    ...(wish.method !== null && { method: wish.method }),
    ...(wish.account !== null && { settlementAccount: wish.account }),
    ...(text !== '' && wish.by === 'order' && { orderId: text }),
    ...(text !== '' && wish.by === 'rrn' && { rrn: text }),
    ...(wish.by === 'amount' && amount !== null && { amount }),
    ...(from !== null && { from: from.toISOString() }),
    ...(to !== null && { to: to.toISOString() }),
  };
}

function spanOf(wish: PaymentWish, now: Date): { readonly from: Date | null; readonly to: Date | null } {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysBefore = (days: number): Date => new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
  switch (wish.period) {
    case 'all':
      return { from: null, to: null };
    case 'today':
      return { from: today, to: null };
    case 'yesterday':
      return { from: daysBefore(1), to: today };
    case 'week':
      return { from: daysBefore(6), to: null };
    case 'month':
      return { from: daysBefore(29), to: null };
    case 'own':
      return { from: wish.from === '' ? null : localDay(wish.from), to: wish.to === '' ? null : localDay(wish.to, 1) };
  }
}

/** The beginning of a day, or of one that many days later. */
function localDay(day: string, later = 0): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}

function dayOf(text: string | null): string {
  return text !== null && dayPattern.test(text) && !Number.isNaN(Date.parse(text)) && Date.parse(text) >= dayMs && text < '2199' ? text : '';
}

function accountOf(text: string | null): string | null {
  return text !== null && /^\d{20}$/.test(text) ? text : null;
}

function memberOf<Member extends string>(members: readonly Member[], text: string | null): Member | null {
  return members.find((member) => member === text) ?? null;
}
