import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import type { KnownError } from '@kkm/core';
import type { Log } from '@kkm/messaging';
import type { DoorReply, DoorRequest } from './exchange';
import { asKnownError, problemOf, retryAfterOf } from './problems';
import { originOf } from './origin';
import { methodsOf } from './route-index';

/** Turns every error into `application/problem+json`. Bugs are logged with their cause and shown without it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly around: { readonly log: Log; readonly publicOrigin: string | null }) {}

  /** Writes the problem, unless the answer has begun. */
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<DoorRequest>();
    const reply = http.getResponse<DoorReply>();
    const error = this.refine(asKnownError(thrown), request, reply);
    this.tell(error, request);
    if (reply.sent || reply.raw.headersSent) return;
    const problem = problemOf(error, { origin: originOf(request, this.around.publicOrigin), requestId: request.id });
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
    if (problem.code.startsWith('auth.') && problem.status === 401) reply.header('www-authenticate', 'Bearer realm="KKM"');
    reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(problem);
  }

  /** A path that exists with another method is 405, and says which methods it takes. */
  private refine(error: KnownError, request: DoorRequest, reply: DoorReply): KnownError {
    if (error.code !== 'request.not_found') return error;
    const methods = methodsOf(request.url).filter((method) => method !== request.method);
    if (methods.length === 0 || methodsOf(request.url).includes(request.method)) return error;
    reply.header('allow', methods.join(', '));
    return new Rejected('request.method_not_allowed');
  }

  private tell(error: KnownError, request: DoorRequest): void {
    const facts = { requestId: request.id, method: request.method, route: request.routeOptions.url, code: error.code };
    if (error instanceof Indeterminate) this.around.log.error({ ...facts, err: error.cause ?? error }, 'A request failed.');
    else if (error instanceof Unavailable) this.around.log.warn({ ...facts, detail: error.detail }, 'A request could not be served.');
  }
}
