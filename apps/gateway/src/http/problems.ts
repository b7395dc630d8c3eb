import { errorCatalogue, Indeterminate, KnownError, Rejected, Unavailable } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import type { Fault, Problem } from '@kkm/contracts';

/** Errors that HTTP frameworks raise before a route runs, by status. */
const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed',
  404: 'request.not_found',
  405: 'request.method_not_allowed',
  413: 'request.too_large',
  414: 'request.malformed',
  415: 'request.unsupported_media_type',
  431: 'request.malformed',
};

/** An error of the framework as one of the catalogue; anything unknown is a bug. Its text is not shown: it may quote the request. */
export function asKnownError(error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  const code = byStatus[statusOf(error)];
  return code ? new Rejected(code) : new Indeterminate('internal', { cause: error });
}

/** Where a problem is told: the origin that explains codes, and the request's id. */
export interface ProblemPlace {
  readonly origin: string;
  readonly requestId: string;
}

/** The problem document of an error (RFC 9457). The detail of a bug stays in the log. */
export function problemOf(error: KnownError, place: ProblemPlace): Problem {
  const { code, detail, members } = error;
  const { status, title } = errorCatalogue[code];
  const errors = members['errors'] as readonly Fault[] | undefined;
  return {
    type: `${place.origin}/problems/${code}`,
    title,
    status,
    code,
    ...(detail === undefined || code === 'internal' ? {} : { detail }),
    instance: `urn:kkm:request:${place.requestId}`,
    ...(errors ? { errors: [...errors] } : {}),
  };
}

/** Seconds for `Retry-After`, or null when none is due. */
export function retryAfterOf(error: KnownError): number | null {
  const asked = error.members['retryAfterSeconds'];
  if (typeof asked === 'number') return Math.ceil(asked);
  return error instanceof Unavailable ? 2 : null;
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(Reflect.apply(error.getStatus, error, []));
  return 'statusCode' in error ? Number(error.statusCode) : 500;
}
