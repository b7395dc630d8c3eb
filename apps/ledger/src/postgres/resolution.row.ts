import type { BankFacts, Evidence } from '@kkm/core';
import type { AttemptRecord, Change } from '@kkm/flow/ledger';

type Resolution = NonNullable<AttemptRecord['resolution']>;
type TerminalSaid = NonNullable<Resolution['terminal']>;

/** A row of `ledger.resolution r`, as read through an outer join. */
export interface ResolutionRow {
  readonly r_result_id: string | null;
  readonly r_by_kind: Resolution['by']['kind'] | null;
  readonly r_by_id: string | null;
  readonly r_by_name: string | null;
  readonly r_charged: boolean | null;
  readonly r_charged_minor: number | null;
  readonly r_evidence: string | null;
  readonly r_decided_at: Date | null;
  readonly r_answered_at: Date | null;
  readonly r_outcome: TerminalSaid['outcome'] | null;
  readonly r_answered_minor: number | null;
  readonly r_agrees: boolean | null;
  readonly r_facts: BankFacts | null;
  readonly r_answer: Evidence | null;
}

/** The columns of a {@link ResolutionRow}. */
export const resolutionColumns = `r.result_id as r_result_id, r.by_kind as r_by_kind, r.by_id as r_by_id, r.by_name as r_by_name, r.charged as r_charged,
  r.charged_minor as r_charged_minor, r.evidence as r_evidence, r.decided_at as r_decided_at, r.answered_at as r_answered_at, r.outcome as r_outcome,
  r.answered_minor as r_answered_minor, r.agrees as r_agrees, r.facts as r_facts, r.answer as r_answer`;

/** The decision about an attempt; null when nobody decided. */
export function resolutionFrom(row: ResolutionRow): AttemptRecord['resolution'] {
  const { r_result_id: resultId, r_by_kind: kind, r_by_id: id, r_by_name: name, r_charged: charged, r_decided_at: at, r_evidence: evidence } = row;
  if (resultId === null || kind === null || id === null || name === null || charged === null || evidence === null || !at) return null;
  const chargedAmount = row.r_charged_minor ?? 0;
  return { resultId, by: { kind, id, name }, charged, chargedAmount, evidence, at: at.toISOString(), terminal: terminalFrom(row) };
}

function terminalFrom(row: ResolutionRow): Resolution['terminal'] {
  const { r_answered_at: at, r_outcome: outcome, r_agrees: agrees, r_facts: facts, r_answer: evidence } = row;
  if (!at || outcome === null || agrees === null || !facts || !evidence) return null;
  return { at: at.toISOString(), outcome, chargedMinor: row.r_answered_minor ?? 0, agrees, facts, evidence };
}

/** The row that a decision, or the terminal's answer to one, is written from; `kind` chooses between insert and update. */
export function resolutionRow({ next, resolution }: Change): Readonly<Record<string, unknown>> | null {
  if (!resolution) return null;
  const { kind, attemptId, record } = resolution;
  const { by, terminal } = record;
  const decided = {
    kind,
    payment_id: next.shown.id,
    attempt_id: attemptId,
    result_id: record.resultId,
    by_kind: by.kind,
    by_id: by.id,
    by_name: by.name,
    charged: record.charged,
    charged_minor: record.chargedAmount,
    evidence: record.evidence,
    decided_at: record.at,
  };
  if (!terminal) return decided;
  const { rrn, authorisationCode, bankTerminalId } = terminal.facts;
  return {
    ...decided,
    answered_at: terminal.at,
    outcome: terminal.outcome,
    answered_minor: terminal.chargedMinor,
    agrees: terminal.agrees,
    facts: terminal.facts,
    answer: terminal.evidence,
    rrn,
    authorisation_code: authorisationCode,
    bank_terminal_id: bankTerminalId,
  };
}

const types = `kind text, payment_id text, attempt_id text, result_id text, by_kind text, by_id text, by_name text, charged boolean, charged_minor bigint, evidence text,
  decided_at timestamptz, answered_at timestamptz, outcome text, answered_minor bigint, agrees boolean, facts json, answer json, rrn text, authorisation_code text, bank_terminal_id text`;

/**
 * Common table expressions that write the decisions of parameter `p` for payments that were `saved`. A terminal that confirms a charge names it to the bank:
 * the person's charge takes on what it is known by, so that it can be given back.
 */
export function writeResolutions(p: string): string {
  const rows = `json_to_recordset(${p}) as t(${types}) join saved s on s.id = t.payment_id`;
  return `
  decided as (insert into ledger.resolution (attempt_id, payment_id, result_id, by_kind, by_id, by_name, charged, charged_minor, evidence, decided_at)
    select t.attempt_id, t.payment_id, t.result_id, t.by_kind, t.by_id, t.by_name, t.charged, t.charged_minor, t.evidence, t.decided_at from ${rows} where t.kind = 'decided'),
  answered as (update ledger.resolution r set answered_at = t.answered_at, outcome = t.outcome, answered_minor = t.answered_minor, agrees = t.agrees, facts = t.facts, answer = t.answer
    from ${rows} where t.kind = 'answered' and r.attempt_id = t.attempt_id),
  named as (update ledger.charge c set rrn = t.rrn, authorisation_code = t.authorisation_code, bank_terminal_id = t.bank_terminal_id, facts = t.facts
    from ${rows} where t.kind = 'answered' and t.agrees and t.charged and c.result_id = t.result_id)`;
}
