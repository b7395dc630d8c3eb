/**
 * When a delivery is tried again, counted from the try before: the schedule that Standard Webhooks recommends. Ten tries in all, over 75 h 35 min; jitter only adds to it.
 */
const pausesMs = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000] as const;

/** How webhooks are sent. */
export const webhookTimes = {
  /** From the first look-up to the last byte that is read. */
  timeoutMs: 15_000,
  /** Whoever claimed a delivery has it for so long; longer than any try, so that two never send it at once unless a process stood still. */
  claimMs: 30_000,
  /** A pause is drawn out by up to this share of itself, so that deliveries that failed together do not come back together. */
  jitterShare: 0.1,
  /** What `Retry-After` may ask for at most: a wrong header must not silence an endpoint for days. */
  retryAfterMaxMs: 3_600_000,
  /** How long an endpoint that says it has too much is left alone when it does not say for how long. */
  holdMs: 10_000,
  /** Requests under way at a time to one endpoint about one site. */
  flyingMax: 4,
} as const;

/** What a try met: a status, or none, and the `Retry-After` beside it. */
export interface TryAnswer {
  readonly code: number | null;
  readonly retryAfter: string | null;
}

/** What becomes of a delivery. `holdUntilMs`: the endpoint is sent nothing until then. */
export type TryDecision =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly atMs: number; readonly holdUntilMs: number | null }
  | { readonly kind: 'given-up'; readonly holdUntilMs: number | null }
  /** The endpoint is to be switched off. */
  | { readonly kind: 'gone' };

/** Answers by which an endpoint asks for less (Standard Webhooks, "Deliverability and reliability"); a `Retry-After` says so with any status. */
const tooMuch: readonly (number | null)[] = [429, 502, 503, 504];

/**
 * Decides after try `number` (from 1) what is next. 2xx is delivered; 410 switches the endpoint off; everything else, redirects too, is tried again until the schedule ends.
 * @param draw a number from 0 to below 1, for the jitter.
 */
export function decideTry(number: number, answer: TryAnswer, { nowMs, draw }: { readonly nowMs: number; readonly draw: number }): TryDecision {
  const { code } = answer;
  if (code !== null && code >= 200 && code < 300) return { kind: 'delivered' };
  if (code === 410) return { kind: 'gone' };
  const asked = retryAfterMs(answer.retryAfter, nowMs);
  const hold = asked ?? (tooMuch.includes(code) ? webhookTimes.holdMs : null);
  const holdUntilMs = hold === null ? null : nowMs + hold;
  const pause = pausesMs[number - 1];
  if (pause === undefined) return { kind: 'given-up', holdUntilMs };
  const atMs = nowMs + Math.round(pause * (1 + webhookTimes.jitterShare * draw));
  return { kind: 'again', atMs: Math.max(atMs, holdUntilMs ?? 0), holdUntilMs };
}

/** What `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3), within its bound; null when it says nothing that can be understood. */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), webhookTimes.retryAfterMaxMs);
}
