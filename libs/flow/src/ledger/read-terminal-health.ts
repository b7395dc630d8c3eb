import type { HealthRequest, LedgerHealth, LinkState, TerminalNow } from '@kkm/core';
import type { LedgerSurroundings } from './surroundings';

/** A terminal as the tables have it; the link is the last that was told, whoever told it and whenever. */
export interface TerminalTold extends Omit<TerminalNow, 'link'> {
  readonly link: 'up' | 'down' | null;
}

/** Reads what a terminal's health is told from. */
export interface HealthReader {
  health(request: HealthRequest, nowMs: number): Promise<Omit<LedgerHealth, 'now'> & { readonly told: TerminalTold }>;
}

/** Tells how a terminal is, now and over time. Nothing is decided by it. */
export class ReadTerminalHealth {
  constructor(
    private readonly reader: HealthReader,
    private readonly around: Pick<LedgerSurroundings, 'nowMs' | 'times'>,
  ) {}

  /** A terminal the ledger never heard of has no worker and no figures. */
  async execute(request: HealthRequest): Promise<LedgerHealth> {
    const nowMs = this.around.nowMs();
    const { told, total, buckets } = await this.reader.health(request, nowMs);
    const link = linkNow(told, { nowMs, heardWithinMs: this.around.times.memberMs });
    return { now: { ...told, link, linkSince: link === 'unknown' ? null : told.linkSince }, total, buckets };
  }
}

/** What is known of a link: what was told counts while its worker is heard, as it does for the worker's place among its peers. */
export function linkNow(
  { link, worker }: Pick<TerminalTold, 'link' | 'worker'>,
  { nowMs, heardWithinMs }: { readonly nowMs: number; readonly heardWithinMs: number },
): LinkState {
  const seenMs = Date.parse(worker?.seenAt ?? '');
  return link !== null && nowMs - seenMs <= heardWithinMs ? link : 'unknown';
}
