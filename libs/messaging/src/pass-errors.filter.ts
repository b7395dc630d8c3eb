import { Catch } from '@nestjs/common';
import type { ArgumentsHost, RpcExceptionFilter } from '@nestjs/common';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * Hands a handler's error to {@link AmqpStrategy} as it is. Nest's own filter would replace it with "Internal server error", and `Unavailable` would no longer
 * mean retry. Set it on every microservice: `app.connectMicroservice({ strategy }).useGlobalFilters(new PassErrorsFilter())`, or with `@UseFilters` on a consumer.
 */
@Catch()
export class PassErrorsFilter implements RpcExceptionFilter {
  /** Rethrows as the stream that Nest expects from a filter. */
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}
