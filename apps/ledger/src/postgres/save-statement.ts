import type { Change } from '@kkm/flow/ledger';
import type { Statement } from '@kkm/postgres';
import { attemptNames, attemptSets, attemptTypes, attemptValues } from './attempt-columns';
import { eventInserts, eventRecordset } from './event-inserts';
import { evidenceRows, keepEvidence } from './evidence-statements';
import { insertQrs, plannedQrRows, qrRow, updateQrs } from './qr.row';
import { resolutionRow, writeResolutions } from './resolution.row';
import { attemptRow, chargeRow, eventRows, paymentRow, permitRow, postingRows, returnRow } from './written-rows';

/** A change with the trace it belongs to. */
export interface TracedChange {
  readonly change: Change;
  readonly traceparent: string | null;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * One table a save may write: its rows, and the common table expression that writes them from parameter `p` for payments that were `saved`.
 * `before`: the letters of the parts that the statement has before it.
 */
interface Part {
  /** Its own: the letters name the statement. */
  readonly letter: string;
  readonly rows: (traced: TracedChange) => readonly Row[];
  readonly text: (p: string, before: string) => string;
}

const permitTypes =
  'kind text, payment_id text, attempt_id text, nonce text, worker_id text, granted_at timestamptz, lease_until timestamptz, take_overs integer, granted_to text, from_nonce text, taken_over_at timestamptz';

const given = <T>(value: T | null): readonly T[] => (value === null ? [] : [value]);

const parts: readonly Part[] = [
  {
    letter: 'a',
    rows: ({ change }) => change.changed.map((attempt) => attemptRow(change.next, attempt)),
    text: (p) =>
      `touched as (update ledger.attempt a set ${attemptSets} from json_to_recordset(${p}) as t(${attemptTypes}) join saved s on s.id = t.payment_id where a.id = t.id returning a.id)`,
  },
  {
    letter: 'n',
    rows: ({ change }) => given(change.added).map((attempt) => attemptRow(change.next, attempt)),
    // Counted, so that what ends has ended before what follows it begins: one of a kind is open at a time.
    text: (p, before) =>
      `added as (insert into ledger.attempt (${attemptNames}) select ${attemptValues} from json_to_recordset(${p}) as t(${attemptTypes}) join saved s on s.id = t.payment_id${before.includes('a') ? ' where (select count(*) from touched) >= 0' : ''})`,
  },
  {
    letter: 'p',
    rows: ({ change }) => given(permitRow(change)),
    text: (p) => `
      granted as (insert into ledger.permit (attempt_id, nonce, worker_id, granted_to, granted_at, lease_until)
        select t.attempt_id, t.nonce, t.worker_id, t.granted_to, t.granted_at, t.lease_until from json_to_recordset(${p}) as t(${permitTypes}) join saved s on s.id = t.payment_id where t.kind = 'grant'),
      taken as (update ledger.permit g set nonce = t.nonce, worker_id = t.worker_id, lease_until = t.lease_until, take_overs = t.take_overs, taken_over_at = t.taken_over_at
        from json_to_recordset(${p}) as t(${permitTypes}) join saved s on s.id = t.payment_id where t.kind = 'take-over' and g.attempt_id = t.attempt_id and g.nonce = t.from_nonce),
      lapsed as (update ledger.permit g set lease_until = least(g.lease_until, t.lease_until)
        from json_to_recordset(${p}) as t(${permitTypes}) join saved s on s.id = t.payment_id where t.kind = 'lapse' and g.attempt_id = t.attempt_id and g.nonce = t.nonce)`,
  },
  {
    letter: 'o',
    rows: ({ change }) => plannedQrRows(change.next.shown.id, given(change.added)),
    text: (p) => `planned as (${insertQrs(p, 'saved')})`,
  },
  {
    letter: 'q',
    rows: ({ change }) => given(change.qr).map(({ attemptId, qr }) => qrRow(change.next.shown.id, attemptId, qr)),
    text: (p) => `shown as (${updateQrs(p)})`,
  },
  {
    letter: 'k',
    rows: ({ change }) =>
      given(change.key).map(({ siteId, key, fingerprint, attemptId }) => ({
        site_id: siteId,
        key,
        fingerprint,
        attempt_id: attemptId,
        payment_id: change.next.shown.id,
      })),
    text: (
      p,
    ) => `keyed as (insert into ledger.idempotency (site_id, key, fingerprint, payment_id, attempt_id) select t.site_id, t.key, t.fingerprint, t.payment_id, t.attempt_id
      from json_to_recordset(${p}) as t(site_id text, key text, fingerprint text, payment_id text, attempt_id text) join saved s on s.id = t.payment_id)`,
  },
  {
    letter: 'i',
    rows: ({ change }) => given(change.resultId).map((resultId) => ({ result_id: resultId, payment_id: change.next.shown.id })),
    text: (p) =>
      `noted as (insert into ledger.inbox (result_id) select t.result_id from json_to_recordset(${p}) as t(result_id text, payment_id text) join saved s on s.id = t.payment_id)`,
  },
  {
    letter: 'c',
    rows: ({ change }) => given(chargeRow(change)),
    text: (
      p,
    ) => `charged as (insert into ledger.charge (payment_id, attempt_id, result_id, amount_minor, rrn, authorisation_code, bank_terminal_id, facts, surfaced, disposition, recorded_at)
      select t.* from json_to_recordset(${p}) as t(payment_id text, attempt_id text, result_id text, amount_minor bigint, rrn text, authorisation_code text, bank_terminal_id text,
        facts json, surfaced boolean, disposition text, recorded_at timestamptz) join saved s on s.id = t.payment_id)`,
  },
  {
    letter: 'd',
    rows: ({ change }) =>
      given(change.disposed).map(({ chargeResultId, disposition }) => ({ payment_id: change.next.shown.id, result_id: chargeResultId, disposition })),
    text: (p) =>
      `disposed as (update ledger.charge c set disposition = t.disposition from json_to_recordset(${p}) as t(payment_id text, result_id text, disposition text)
        join saved s on s.id = t.payment_id where c.payment_id = t.payment_id and c.result_id = t.result_id)`,
  },
  {
    letter: 's',
    rows: ({ change }) => given(returnRow(change)),
    text: (
      p,
    ) => `returned as (insert into ledger.charge_return (payment_id, charge_result_id, attempt_id, result_id, amount_minor, rrn, authorisation_code, bank_terminal_id, facts, surfaced)
      select t.* from json_to_recordset(${p}) as t(payment_id text, charge_result_id text, attempt_id text, result_id text, amount_minor bigint, rrn text, authorisation_code text,
        bank_terminal_id text, facts json, surfaced boolean) join saved s on s.id = t.payment_id)`,
  },
  {
    letter: 'b',
    rows: ({ change }) => postingRows(change),
    text: (
      p,
    ) => `posted as (insert into ledger.posting (entry_id, payment_id, account, amount_minor, currency) select t.entry_id, t.payment_id, t.account, t.amount_minor, t.currency
      from json_to_recordset(${p}) as t(entry_id text, payment_id text, account text, amount_minor bigint, currency text) join saved s on s.id = t.payment_id)`,
  },
  {
    letter: 's',
    rows: ({ change }) => given(resolutionRow(change)),
    text: writeResolutions,
  },
  {
    letter: 'v',
    rows: ({ change }) => evidenceRows(change),
    text: keepEvidence,
  },
  {
    letter: 'e',
    rows: ({ change, traceparent }) => eventRows(change.next.shown.id, change.events, traceparent),
    text: (p) => eventInserts(`select e.* from ${eventRecordset(p)} join saved s on s.id = e.payment_id`),
  },
];

/**
 * Compares and sets: the terminal's lease still has the version the decision saw, the payment still has its sequence. A change for which either does not hold
 * writes nothing. The lease row is locked before the payment row, that before the attempt and the permit.
 */
const head = `
with
  change as (select * from json_to_recordset($1) as t(
    id text, expected integer, sequence integer, terminal_id text, amount_minor bigint, method text, status text, charged_minor bigint, refunded_minor bigint,
    refund_pending_minor bigint, cancel_requested text, switch_to text, switch_bank text, switch_window_ms integer, guest_bank text, guest_window_ms integer, surfaced_undecided integer, surfaced_minor bigint, decide_at timestamptz, updated_at timestamptz, expires_at timestamptz, closed_at timestamptz,
    lease_site text, lease_terminal text, lease_version bigint)),
  lease as (
    update ledger.terminal_lease l set version = l.version + 1 from change c
    where l.site_id = c.lease_site and l.terminal_id = c.lease_terminal and l.version = c.lease_version returning c.id),
  saved as (
    update ledger.payment p set sequence = c.sequence, terminal_id = c.terminal_id, amount_minor = c.amount_minor, method = c.method, status = c.status,
      charged_minor = c.charged_minor, refunded_minor = c.refunded_minor, refund_pending_minor = c.refund_pending_minor, cancel_requested = c.cancel_requested, switch_to = c.switch_to, switch_bank = c.switch_bank, switch_window_ms = c.switch_window_ms, guest_bank = c.guest_bank, guest_window_ms = c.guest_window_ms,
      surfaced_undecided = c.surfaced_undecided, surfaced_minor = c.surfaced_minor, decide_at = c.decide_at, updated_at = c.updated_at, expires_at = c.expires_at, closed_at = c.closed_at
    from change c
    where p.id = c.id and p.sequence = c.expected and (c.lease_version is null or exists (select from lease where lease.id = c.id))
    returning p.id)`;

/** The statement that writes the given changes, each whole or not at all, and its values. Only tables that get rows are part of it; the name tells which. Returns ids of the payments saved. */
export function saveStatement(changes: readonly TracedChange[]): { readonly statement: Statement; readonly values: readonly string[] } {
  const values = [JSON.stringify(changes.map(headRow))];
  const texts: string[] = [];
  let letters = '';
  for (const part of parts) {
    const rows = changes.flatMap(part.rows);
    if (rows.length === 0) continue;
    values.push(JSON.stringify(rows));
    texts.push(part.text(`$${values.length}`, letters));
    letters += part.letter;
  }
  return { statement: { name: `ledger.save.${letters}`, text: `${[head, ...texts].join(',\n  ')}\nselect id from saved` }, values };
}

function headRow({ change }: TracedChange): Row {
  const { lease } = change;
  const guard = lease ? { lease_site: lease.siteId, lease_terminal: lease.terminalId, lease_version: lease.version } : {};
  return { ...paymentRow(change.next), expected: change.expectedSequence, ...guard };
}
