import type { BaselineAnswer, BaselineRequest, EndBaselineAnswer, EndBaselineRequest, KnowledgeRequest, ReportAnchor, TerminalKnowledge } from '@kkm/core';
import { workCommandOf } from '@kkm/flow/ledger';
import type { Errand, ErrandTimes, PaymentRecord } from '@kkm/flow/ledger';
import type { Sql } from '@kkm/postgres';
import { groupRows, hasRows, recordFrom } from './record.row';
import { dueErrands, endBaseline, keepBaseline, knowledge } from './recovery-statements';
import type { BaselineRow, EndBaselineRow, ErrandRow, KnowledgeRow } from './recovery-statements';

/** Writes a baseline; see `LedgerStore.keepBaseline`. */
export async function writeBaseline(sql: Sql, request: BaselineRequest, nowMs: number): Promise<BaselineAnswer> {
  const { siteId, terminalId, workerId, bankTerminalId, serialNumber, since, operations } = request;
  const newest = operations.at(-1)?.rrn ?? null;
  const values = [siteId, terminalId, workerId, bankTerminalId, serialNumber, since, newest, new Date(nowMs), JSON.stringify(operations)];
  const [row] = await sql.rows<BaselineRow>(keepBaseline, values);
  if (row?.leased !== true) return { kind: 'not-leased' };
  return row.busy ? { kind: 'busy' } : { kind: 'kept', found: row.found };
}

/** Forgets a baseline; see `LedgerStore.endBaseline`. A worker without the lease learns nothing else. */
export async function eraseBaseline(sql: Sql, { siteId, terminalId, workerId }: EndBaselineRequest): Promise<EndBaselineAnswer> {
  const [row] = await sql.rows<EndBaselineRow>(endBaseline, [siteId, terminalId, workerId]);
  if (row?.ended === true) return { kind: 'ended' };
  return { kind: row?.busy === true ? 'busy' : 'not-leased' };
}

/** Reads what is known of a terminal; see `LedgerStore.knowledge`. */
export async function readKnowledge(sql: Sql, { siteId, terminalId, attemptId, rrns }: KnowledgeRequest): Promise<TerminalKnowledge> {
  const [row] = await sql.rows<KnowledgeRow>(knowledge, [siteId, terminalId, attemptId, rrns]);
  const known = row?.known ?? [];
  if (!row || row.bank_terminal_id === null || row.serial_number === null || row.since === null) return { known, baseline: null, anchor: null };
  return { known, baseline: { bankTerminalId: row.bank_terminal_id, serialNumber: row.serial_number }, anchor: anchorOf(row, row.since) };
}

/** Takes the errands that are due; see `LedgerStore.dueErrands`. */
export async function takeErrands(
  sql: Sql,
  nowMs: number,
  { firstMs, maxMs, waitingMaxMs, limit }: ErrandTimes & { readonly limit: number },
): Promise<readonly Errand[]> {
  const rows = await sql.rows<ErrandRow>(dueErrands, [new Date(nowMs), firstMs, maxMs, waitingMaxMs, limit]);
  return groupRows(rows, limit)
    .filter(hasRows)
    .map((group) => errandFrom(recordFrom(group), group[0]));
}

function errandFrom(record: PaymentRecord, { for_attempt: attemptId, at_once: atOnce, next_at: nextAt }: ErrandRow): Errand {
  return { kind: atOnce ? 'run' : 'recover', command: workCommandOf(record, attemptId), nextMs: nextAt.getTime() };
}

function anchorOf(row: KnowledgeRow, since: string): ReportAnchor {
  const rrn = row.anchor_rrn ?? row.newest_rrn;
  return rrn === null ? { kind: 'period', since } : { kind: 'operation', rrn };
}
