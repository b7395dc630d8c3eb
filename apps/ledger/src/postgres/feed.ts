import { check, Rejected } from '@kkm/core';
import type { SiteScope } from '@kkm/core';
import type { FeedPage } from '@kkm/flow/ledger';
import type { Sql } from '@kkm/postgres';
import { feedEnd, feedOfAll, feedOfSite, feedOfSites } from './feed-statements';
import type { FeedRow } from './feed-statements';

/** What the feed is asked for. */
export interface FeedAsk {
  readonly scope: SiteScope;
  readonly after: string | null;
  readonly limit: number;
}

/** The largest event id that {@link cursorPattern} lets through. */
const eventIdMax = 999_999_999_999_999;

const cursorPattern = /^(\d{1,9})-(\d{1,19})-(\d{1,15})$/;

/** Reads a page of the feed. Events that name no site are shown to operators only. */
export async function readFeed(sql: Sql, { scope, after, limit }: FeedAsk): Promise<FeedPage> {
  const position = positionOf(after);
  const rows = await ask(sql, scope, [...position, limit]);
  const last = rows[rows.length - 1];
  return { events: rows.map((row) => row.body), next: last ? `${last.epoch}-${last.at_xid}-${last.id}` : position.join('-') };
}

/** The cursor behind everything a reader can see now: the last possible event of the newest transaction below those that still run. */
export async function readFeedEnd(sql: Sql): Promise<string> {
  const [row] = await sql.rows<{ readonly epoch: number; readonly xid: string }>(feedEnd, []);
  check(row, 'the feed has an epoch');
  return `${row.epoch}-${row.xid}-${eventIdMax}`;
}

async function ask(sql: Sql, scope: SiteScope, values: readonly (string | number)[]): Promise<readonly FeedRow[]> {
  if (scope === null) return sql.rows<FeedRow>(feedOfAll, values);
  if (scope.length === 0) return [];
  const [only] = scope;
  return scope.length === 1 ? sql.rows<FeedRow>(feedOfSite, [...values, only]) : sql.rows<FeedRow>(feedOfSites, [...values, scope]);
}

function positionOf(after: string | null): readonly [string, string, string] {
  if (after === null) return ['0', '0', '0'];
  const [, epoch, xid, id] = cursorPattern.exec(after) ?? [];
  if (epoch === undefined || xid === undefined || id === undefined) throw new Rejected('request.invalid', { detail: 'The cursor is none that the feed gave.' });
  return [epoch, xid, id];
}
