import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { errorCatalogue, KnownError, Rejected } from '@kkm/core';

/** The part of a reply that is used here. */
interface ProblemReply {
  status(code: number): ProblemReply;
  header(name: string, value: string): ProblemReply;
  send(body: unknown): void;
}

/** Turns every error into `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly report: (bug: unknown) => void) {}

  /** Writes the problem. */
  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = asKnown(thrown);
    if (!error) this.report(thrown);
    const code = error?.code ?? 'internal';
    const { status, title } = errorCatalogue[code];
    const body = { type: 'about:blank', title, status, code, ...(error?.detail ? { detail: error.detail } : {}), ...error?.members };
    host.switchToHttp().getResponse<ProblemReply>().status(status).header('content-type', 'application/problem+json; charset=utf-8').send(body);
  }
}

function asKnown(thrown: unknown): KnownError | null {
  if (thrown instanceof KnownError) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const detail = thrown instanceof Error ? { detail: thrown.message } : {};
  if (status === 404) return new Rejected('request.not_found', detail);
  if (status === 413) return new Rejected('request.too_large', detail);
  if (status === 415) return new Rejected('request.unsupported_media_type', detail);
  return status !== null && status < 500 ? new Rejected('request.malformed', detail) : null;
}

/** Fastify's own errors carry their status as a number. */
function statusOf(thrown: unknown): number | null {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : null;
}
