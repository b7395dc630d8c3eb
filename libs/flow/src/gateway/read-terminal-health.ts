import { healthBucketMs, Rejected } from '@kkm/core';
import type { HealthBucket, HealthRequest, KeptRequest, LedgerHealth, RequestKind, TerminalHealth } from '@kkm/core';
import type { Clock } from '../worker/ports';
import type { RequestFilter } from './request-store';

/** The ledger where it tells of terminals. Throws `Unavailable('ledger.unavailable')` when no answer came in time. */
export interface HealthLedger {
  health(request: HealthRequest): Promise<LedgerHealth>;
}

/** What {@link ReadTerminalHealth} stands on. */
export interface HealthPorts {
  readonly ledger: HealthLedger;
  readonly requests: { list(filter: RequestFilter): Promise<readonly KeptRequest[]> };
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** Whose health is asked for, and of when; what is left out has a usual value. */
export interface HealthAsk {
  readonly siteId: string;
  readonly terminalId: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly bucket?: HealthBucket | undefined;
}

/** Limits of a period: how long it may be, into how many buckets it may be cut, and up to when hours are usual. */
export const healthLimits = { usualMs: 86_400_000, hoursUpToMs: 7 * 86_400_000, maxMs: 366 * 86_400_000, bucketsMax: 1_000 } as const;

/** Puts together what the ledger has in its attempts and what the gateway has in its requests. */
export class ReadTerminalHealth {
  constructor(private readonly ports: HealthPorts) {}

  /** @throws Rejected `request.invalid` for a period that ends before it begins, or is too long. */
  async execute({ siteId, terminalId, ...asked }: HealthAsk): Promise<TerminalHealth> {
    const nowMs = this.ports.clock.wallMs();
    const request = { siteId, terminalId, ...healthPeriod(asked, nowMs) };
    const newest = async (kind: RequestKind): Promise<KeptRequest | null> =>
      (await this.ports.requests.list({ siteId, terminalId, kind, beforeId: null, limit: 1 }))[0] ?? null;
    const [{ now, total, buckets }, lastLinkTest, lastSettlement] = await Promise.all([
      this.ports.ledger.health(request),
      newest('link-test'),
      newest('settle'),
    ]);
    return { ...request, at: timeText(nowMs), now: { ...now, lastLinkTest, lastSettlement }, total, buckets };
  }
}

/** The period that is asked for. @throws Rejected `request.invalid`. */
export function healthPeriod(asked: Pick<HealthAsk, 'from' | 'to' | 'bucket'>, nowMs: number): Pick<HealthRequest, 'from' | 'to' | 'bucket'> {
  const toMs = asked.to === undefined ? nowMs : Date.parse(asked.to);
  const fromMs = asked.from === undefined ? toMs - healthLimits.usualMs : Date.parse(asked.from);
  const lengthMs = toMs - fromMs;
  const bucket = asked.bucket ?? (lengthMs <= healthLimits.hoursUpToMs ? 'hour' : 'day');
  if (lengthMs <= 0) throw new Rejected('request.invalid', { detail: 'The period ends before it begins.' });
  const tooLong = lengthMs > healthLimits.maxMs || lengthMs / healthBucketMs[bucket] > healthLimits.bucketsMax;
  if (tooLong) throw new Rejected('request.invalid', { detail: 'The period is too long: at most 366 days, and 1000 buckets.' });
  return { from: timeText(fromMs), to: timeText(toMs), bucket };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
