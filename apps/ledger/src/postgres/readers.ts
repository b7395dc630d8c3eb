import type { ChargeRecord, FoundAttempt, FoundFacts, LeaseRecord, PaymentRecord, TerminalRecord } from '@kkm/flow/ledger';
import type { Sql } from '@kkm/postgres';
import { paymentsByAttempt, paymentsById, permitFactsByAttempt } from './read-statements';
import type { AfterRestoreRow, ChargeRow, LeaseRow, OccupantRow } from './read-statements';
import { groupRows, hasRows, recordFrom } from './record.row';
import type { RecordRow } from './record.row';

/** Reads payments by id. */
export function paymentReader(sql: Sql): (ids: readonly string[]) => Promise<readonly (PaymentRecord | null)[]> {
  return async (ids) => {
    const rows = await sql.rows<RecordRow>(paymentsById, [ids]);
    return groupRows(rows, ids.length).map((group) => (hasRows(group) ? recordFrom(group) : null));
  };
}

/** Reads payments by an attempt, with the inbox. */
export function attemptReader(
  sql: Sql,
): (asked: readonly { readonly attemptId: string; readonly resultId: string | null }[]) => Promise<readonly (FoundAttempt | null)[]> {
  return async (asked) => {
    const rows = await sql.rows<RecordRow & { recorded: boolean }>(paymentsByAttempt, [
      asked.map(({ attemptId }) => attemptId),
      asked.map(({ resultId }) => resultId),
    ]);
    return groupRows(rows, asked.length).map((group) => (hasRows(group) ? { record: recordFrom(group), recorded: group[0].recorded } : null));
  };
}

/** Reads what permits depend on. */
export function permitFactsReader(sql: Sql): (attemptIds: readonly string[]) => Promise<readonly (FoundFacts | null)[]> {
  return async (attemptIds) => {
    const rows = await sql.rows<RecordRow & LeaseRow & OccupantRow & AfterRestoreRow>(permitFactsByAttempt, [attemptIds]);
    return groupRows(rows, attemptIds.length).map((group) => (hasRows(group) ? factsFrom(recordFrom(group), group[0]) : null));
  };
}

function factsFrom(record: PaymentRecord, row: LeaseRow & OccupantRow & AfterRestoreRow): FoundFacts {
  return { record, terminal: terminalFrom(row), afterRestore: row.after_restore ?? undefined };
}

/** Lease and occupant of a terminal from a row that joined them. */
export function terminalFrom(row: LeaseRow & OccupantRow): TerminalRecord {
  const lease = leaseFrom(row);
  const baselined = row.l_baselined;
  if (row.o_id === null || row.o_status === null) return { lease, occupant: null, baselined };
  const { o_id: attemptId, o_status: status, o_nonce: nonce, o_worker_id: workerId, o_money_path: moneyPath } = row;
  const leaseUntilMs = row.o_lease_until?.getTime() ?? null;
  const grantedAtMs = row.o_granted_at?.getTime() ?? null;
  return {
    lease,
    baselined,
    occupant: { attemptId, status, nonce, workerId, recovering: (row.o_take_overs ?? 0) > 0, leaseUntilMs, grantedAtMs, ...(moneyPath && { moneyPath }) },
  };
}

function leaseFrom({ l_worker_id: workerId, l_version: version, l_taken_at: takenAt }: LeaseRow): LeaseRecord | null {
  return workerId !== null && version !== null && takenAt !== null ? { workerId, version, takenAtMs: takenAt.getTime() } : null;
}

/** A charge from its row. */
export function chargeFrom(row: ChargeRow): ChargeRecord {
  const { result_id: resultId, attempt_id: attemptId, amount_minor: amountMinor, rrn, surfaced, disposition, returns } = row;
  return { resultId, attemptId, amountMinor, rrn, authorisationCode: row.authorisation_code, surfaced, disposition, returns: returns ?? [] };
}
