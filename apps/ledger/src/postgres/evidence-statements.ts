import type { EvidenceKind, KeptEvidence } from '@kkm/core';
import type { Change } from '@kkm/flow/ledger';
import type { Statement } from '@kkm/postgres';

/** A row of `ledger.evidence`, as read. */
export interface EvidenceRow {
  readonly attempt_id: string;
  readonly kind: EvidenceKind;
  readonly asked: string;
  readonly said: string;
  readonly rrn: string | null;
  readonly at: Date;
  readonly times: number;
  readonly last_at: Date;
}

/** All evidence about a payment. $1 payment id. */
export const evidenceOfPayment: Statement = {
  name: 'ledger.evidence',
  text: `select e.attempt_id, e.kind, e.asked, e.said, e.rrn, e.at, e.times, e.last_at
    from ledger.attempt a join ledger.evidence e on e.attempt_id = a.id where a.payment_id = $1 order by e.attempt_id, e.seq`,
};

/** Evidence as the ledger's use cases know it. */
export function evidenceFrom(row: EvidenceRow): KeptEvidence {
  const { attempt_id: attemptId, kind, asked, said, rrn, times } = row;
  return { attemptId, kind, asked, said, rrn, at: row.at.toISOString(), times, lastAt: row.last_at.toISOString() };
}

/** Rows for {@link keepEvidence}. */
export function evidenceRows({ next, evidence }: Change): readonly Readonly<Record<string, unknown>>[] {
  if (!evidence) return [];
  const { attemptId, pieces, keptMax } = evidence;
  return pieces.map((piece, n) => ({ ...piece, payment_id: next.shown.id, attempt_id: attemptId, n: n + 1, kept_max: keptMax }));
}

const types = 'payment_id text, attempt_id text, n integer, kept_max integer, kind text, asked text, said text, rrn text, at timestamptz';
const isSame = 'e.attempt_id = t.attempt_id and e.kind = t.kind and e.asked = t.asked and e.said = t.said and e.rrn is not distinct from t.rrn';

/**
 * Common table expressions that keep the evidence of parameter `p` for payments that were `saved`: what was heard before counts up, the rest is added up to its bound.
 * Two statements that add to one attempt at a time meet `evidence_numbered_once`; the later one is decided anew.
 */
export function keepEvidence(p: string): string {
  return `
  told_again as (update ledger.evidence e set times = e.times + 1, last_at = greatest(e.last_at, t.at)
    from json_to_recordset(${p}) as t(${types}) join saved s on s.id = t.payment_id where ${isSame}),
  told_first as (insert into ledger.evidence (attempt_id, seq, kind, asked, said, rrn, at, last_at)
    select t.attempt_id, l.seq + t.n, t.kind, t.asked, t.said, t.rrn, t.at, t.at
    from json_to_recordset(${p}) as t(${types}) join saved s on s.id = t.payment_id
    cross join lateral (select coalesce(max(e.seq), 0) as seq from ledger.evidence e where e.attempt_id = t.attempt_id) l
    where (t.kept_max is null or l.seq + t.n <= t.kept_max) and not exists (select from ledger.evidence e where ${isSame}))`;
}
