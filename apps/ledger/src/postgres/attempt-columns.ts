/** Columns of `ledger.attempt` with their types, in the order they are written. */
const columns = [
  ['id', 'text'],
  ['payment_id', 'text'],
  ['number', 'integer'],
  ['operation', 'text'],
  ['method', 'text'],
  ['money_path', 'text'],
  ['site_id', 'text'],
  ['terminal_id', 'text'],
  ['amount_minor', 'bigint'],
  ['charged_minor', 'bigint'],
  ['status', 'text'],
  ['reason', 'text'],
  ['message', 'text'],
  ['host_response_code', 'text'],
  ['card', 'json'],
  ['rrn', 'text'],
  ['authorisation_code', 'text'],
  ['bank_terminal_id', 'text'],
  ['merchant_id', 'text'],
  ['bank', 'jsonb'],
  ['terminal_time', 'text'],
  ['slip', 'text'],
  ['read_failures', 'integer'],
  ['qr_payload', 'text'],
  ['qr_expires_at', 'timestamptz'],
  ['expires_at', 'timestamptz'],
  ['created_at', 'timestamptz'],
  ['granted_at', 'timestamptz'],
  ['finished_at', 'timestamptz'],
  ['doubted_at', 'timestamptz'],
  ['original_attempt_id', 'text'],
  ['original_result_id', 'text'],
  ['original_rrn', 'text'],
  ['original_authorisation_code', 'text'],
  ['ledger_sends', 'boolean'],
] as const;

/** What an attempt keeps from its beginning. */
const fixed: readonly string[] = [
  ...['id', 'payment_id', 'number', 'operation', 'money_path', 'site_id', 'terminal_id', 'bank', 'amount_minor', 'created_at'],
  ...['original_attempt_id', 'original_result_id', 'original_rrn', 'original_authorisation_code', 'ledger_sends'],
];

/** Names for an insert. */
export const attemptNames = columns.map(([name]) => name).join(', ');

/** Names of the recordset `t` for an insert. */
export const attemptValues = columns.map(([name]) => `t.${name}`).join(', ');

/** The definition of a recordset of attempts. */
export const attemptTypes = columns.map(([name, type]) => `${name} ${type}`).join(', ');

/** Assignments from the recordset `t` of everything that can change. */
export const attemptSets = columns
  .filter(([name]) => !fixed.includes(name))
  .map(([name]) => `${name} = t.${name}`)
  .join(', ');
