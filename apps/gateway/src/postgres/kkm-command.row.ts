import type { CommandRecord, CommandStage } from '@kkm/flow/kkmserver';

/** A row of `gateway.kkm_command`, without its lease. */
export interface KkmCommandRow {
  readonly id: string;
  readonly site_id: string;
  readonly id_command: string;
  readonly fingerprint: string;
  readonly command: CommandRecord['command'];
  readonly register_id: string | null;
  readonly terminal_id: string | null;
  readonly unit: CommandRecord['unit'];
  readonly receipt_number: string | null;
  readonly acquiring: CommandRecord['acquiring'];
  readonly charge_amount: number | null;
  readonly stage: CommandStage;
  readonly payment_id: string | null;
  readonly return_attempt_id: string | null;
  readonly answer: CommandRecord['answer'];
  readonly follows: boolean;
  readonly refusals: number;
  readonly tries: number;
  readonly last_error: string | null;
  readonly due_at: Date;
  readonly taken_at: Date;
  readonly changed_at: Date;
  readonly version: number;
}

/** The columns of a row, in the order of {@link takenValues}. */
export const kkmCommandColumns = [
  'id',
  'site_id',
  'id_command',
  'fingerprint',
  'command',
  'register_id',
  'terminal_id',
  'unit',
  'receipt_number',
  'acquiring',
  'charge_amount',
  'taken_at',
  'version',
  'stage',
  'payment_id',
  'return_attempt_id',
  'answer',
  'follows',
  'refusals',
  'tries',
  'last_error',
  'due_at',
  'changed_at',
] as const satisfies readonly (keyof KkmCommandRow)[];

/** How many of the columns never change. */
export const lastingColumns = kkmCommandColumns.indexOf('version');

/** The values of a command that is taken, in the order of {@link kkmCommandColumns}. */
export function takenValues(record: CommandRecord): readonly unknown[] {
  const { id, siteId, idCommand, fingerprint, command, registerId, terminalId, unit, receiptNumber, acquiring, chargeAmount, takenAtMs } = record;
  const lasting = [id, siteId, idCommand, fingerprint, JSON.stringify(command), registerId, terminalId, jsonOf(unit), receiptNumber, acquiring, chargeAmount];
  return [...lasting, new Date(takenAtMs), ...changingValues(record)];
}

/** The values that change, in the order of their columns, version first. */
export function changingValues(record: CommandRecord): readonly unknown[] {
  const { version, stage, paymentId, returnAttemptId, answer, follows, refusals, tries, lastError, dueAtMs, changedAtMs } = record;
  const text = lastError === null ? null : lastError.replace(/[\0\p{Cs}]/gu, '\ufffd');
  return [version, stage, paymentId, returnAttemptId, jsonOf(answer), follows, refusals, tries, text, new Date(dueAtMs), new Date(changedAtMs)];
}

/** The command that a row holds. */
export function commandOf(row: KkmCommandRow): CommandRecord {
  return {
    id: row.id,
    siteId: row.site_id,
    idCommand: row.id_command,
    fingerprint: row.fingerprint,
    command: row.command,
    registerId: row.register_id,
    terminalId: row.terminal_id,
    unit: row.unit,
    receiptNumber: row.receipt_number,
    acquiring: row.acquiring,
    chargeAmount: row.charge_amount,
    stage: row.stage,
    paymentId: row.payment_id,
    returnAttemptId: row.return_attempt_id,
    answer: row.answer,
    follows: row.follows,
    refusals: row.refusals,
    tries: row.tries,
    lastError: row.last_error,
    dueAtMs: row.due_at.getTime(),
    takenAtMs: row.taken_at.getTime(),
    changedAtMs: row.changed_at.getTime(),
    version: row.version,
  };
}

function jsonOf(value: object | null): string | null {
  return value && JSON.stringify(value);
}
