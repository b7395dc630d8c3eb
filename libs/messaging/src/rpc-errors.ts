import type { RpcReply } from '@kkm/contracts';
import { errorCatalogue, Indeterminate, KnownError, Rejected, Unavailable } from '@kkm/core';
import type { ErrorCode, ErrorDetails } from '@kkm/core';
import { RemoteFault } from './broker';

type Failure = Extract<RpcReply<never>, { ok: false }>;

/** Writes a thrown error as a reply. What is not a `KnownError` says nothing of itself. */
export function replyOf(error: unknown): Failure {
  if (!(error instanceof KnownError)) return { ok: false, error: { kind: 'broken', code: 'internal', detail: null, members: {} } };
  return { ok: false, error: { kind: kindOf(error), code: error.code, detail: error.detail ?? null, members: error.members } };
}

/** Rebuilds the error a service threw. A code this side does not know becomes `internal`; the class stays. */
export function errorOf(failure: Failure, call: string): Error {
  const { kind, code, detail, members } = failure.error;
  const details: ErrorDetails = { ...(detail === null ? {} : { detail }), members };
  const known: ErrorCode = Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'internal';
  switch (kind) {
    case 'rejected':
      return new Rejected(known, details);
    case 'unavailable':
      return new Unavailable(known, details);
    case 'indeterminate':
      return new Indeterminate(known, details);
    case 'broken':
      return new RemoteFault(`${call} failed inside.`);
    default:
      return new RemoteFault(`${call} answered in an unknown way.`);
  }
}

function kindOf(error: KnownError): Failure['error']['kind'] {
  if (error instanceof Rejected) return 'rejected';
  return error instanceof Unavailable ? 'unavailable' : 'indeterminate';
}
