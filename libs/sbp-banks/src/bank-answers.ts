import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { sbpTimes } from '@kkm/flow/ledger';
import type { z } from 'zod';
import type { BankReply } from './bank-calls';

/** Whether a request only asks, or makes the bank do something. What went wrong means another thing for each. */
export type RequestKind = 'ask' | 'act';

/** When a call that begins now must have ended. */
export function callDeadline(): AbortSignal {
  return AbortSignal.timeout(sbpTimes.callMs);
}

/** The answer that a schema describes, or what it means that there is none: after a request to act the bank may have acted. */
export function parsedAnswer<Answer>(schema: z.ZodType<Answer>, { status, body }: BankReply, kind: RequestKind): Answer {
  const parsed = schema.safeParse(body);
  if (status >= 200 && status < 300 && parsed.success) return parsed.data;
  throw notUnderstood(status, kind);
}

/** What an answer that is no answer means. Only "too many requests" says by itself that nothing was done. */
export function notUnderstood(status: number, kind: RequestKind): Unavailable | Indeterminate {
  const details = { detail: `HTTP ${status}` };
  return kind === 'ask' || status === 429 ? new Unavailable('sbp.bank_unavailable', details) : new Indeterminate('sbp.no_answer', details);
}

/** The bank said no, with a code of its own. Only what looks like a code is given on. */
export function refusal(code: string): Rejected {
  return new Rejected('sbp.refused', { detail: /^[\w.-]{1,80}$/.test(code) ? code : 'a code that is none' });
}
