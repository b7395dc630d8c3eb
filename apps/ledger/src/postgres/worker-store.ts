import type { HeartbeatRequest } from '@kkm/core';
import type { HeartbeatOutcome, LedgerStore, WorkerSeen } from '@kkm/flow/ledger';
import type { Sql } from '@kkm/postgres';
import { heartbeat, workersSeen } from './worker-statements';
import type { HeartbeatRow } from './worker-statements';

/** Records a heartbeat; see `LedgerStore.heartbeat`. */
export async function writeHeartbeat(sql: Sql, request: HeartbeatRequest, times: Parameters<LedgerStore['heartbeat']>[1]): Promise<HeartbeatOutcome> {
  const { siteId, workerId, leaving, terminalIds, linkedTerminalIds = null, driving } = request;
  const attemptIds = driving.map((driven) => driven.attemptId);
  const nonces = driving.map((driven) => driven.nonce);
  const { nowMs, memberSinceMs, leaseUntilMs } = times;
  const values = [
    siteId,
    workerId,
    leaving,
    new Date(nowMs),
    new Date(memberSinceMs),
    terminalIds,
    attemptIds,
    nonces,
    new Date(leaseUntilMs),
    linkedTerminalIds,
  ];
  const [row] = await sql.rows<HeartbeatRow>(heartbeat, values);
  return { memberIds: row?.members ?? [], heldTerminalIds: row?.held ?? [], renewed: row?.renewed ?? [] };
}

/** Reads who was heard; see `LedgerStore.workersSeen`. */
export async function readWorkersSeen(sql: Sql, siteId: string, sinceMs: number): Promise<readonly WorkerSeen[]> {
  const rows = await sql.rows<{ worker_id: string; seen_at: Date }>(workersSeen, [siteId, new Date(sinceMs)]);
  return rows.map((row) => ({ workerId: row.worker_id, seenMs: row.seen_at.getTime() }));
}
