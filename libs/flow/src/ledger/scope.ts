import { Rejected } from '@kkm/core';
import type { SiteScope } from '@kkm/core';
import type { PaymentRecord } from './records';

/** Whether a caller may see what belongs to a site. */
export function inScope(scope: SiteScope, siteId: string): boolean {
  return scope === null || scope.includes(siteId);
}

/** The record, if it is there and the caller may see it; otherwise both look the same: `payment.not_found`. */
export function visible(record: PaymentRecord | null, scope: SiteScope): PaymentRecord {
  if (!record || !inScope(scope, record.shown.siteId)) throw new Rejected('payment.not_found');
  return record;
}
