import { Unavailable } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';

/** SQLSTATE classes and codes after which the same work may be tried again later: connection (08), resources (53), operator intervention (57P), cancelled by a timeout. */
const unavailableStates = /^(08|53|57P|57014|25P03)/;

/** SQLSTATEs that ask for the same transaction once more: serialization failure, deadlock, lock not available. */
const repeatStates = new Set(['40001', '40P01', '55P03']);

/** Faults of the socket that Node names by a code. */
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What `pg` and `pg-pool` say without a code when the connection went away or could not be had. */
const lostTexts =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Cannot use a pool after calling end/i;

interface CodedError {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

/** The name of the constraint or unique index that refused a statement (SQLSTATE class 23), or null for any other error. Decide by this name, never by text. */
export function violatedConstraint(error: unknown): string | null {
  const { code, constraint } = asCoded(error);
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : null;
}

/** Whether the whole transaction should be run again at once: Postgres chose it as the victim of a deadlock or of a serialization failure. */
export function asksForRepeat(error: unknown): boolean {
  const { code } = asCoded(error);
  return typeof code === 'string' && repeatStates.has(code);
}

/** Whether the database could not be reached or gave up for a reason outside the statement. */
export function isDatabaseLost(error: unknown): boolean {
  const { code, message, errors } = asCoded(error);
  if (typeof code === 'string' && (socketCodes.has(code) || unavailableStates.test(code))) return true;
  if (Array.isArray(errors) && errors.some(isDatabaseLost)) return true;
  return typeof message === 'string' && lostTexts.test(message);
}

/** Turns the loss of the database into {@link Unavailable} with the service's own code; leaves every other error as it is. */
export function mapDatabaseError(error: unknown, unavailableCode: ErrorCode): unknown {
  if (!isDatabaseLost(error) && !asksForRepeat(error)) return error;
  return new Unavailable(unavailableCode, { cause: error });
}

function asCoded(error: unknown): CodedError {
  return typeof error === 'object' && error !== null ? error : {};
}
