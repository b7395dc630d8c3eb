import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { contextOf, identified } from './trace-context';

/** The part of a Fastify instance that is needed here. */
export interface RequestHooks {
  addHook(name: 'onRequest', hook: (request: TracedRequest, reply: unknown, done: () => void) => void): unknown;
}

/** The part of a Fastify request that is needed here. */
export interface TracedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/**
 * Puts every HTTP request into its trace: the one its `traceparent` names, or a new one.
 * Where the SDK's own HTTP instrumentation runs, the request has its span already and only gets the route as its name.
 */
export function traceRequests(server: RequestHooks): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (isTracingSuppressed(context.active())) {
      done(); // The SDK was told to leave this route out.
      return;
    }
    const running = trace.getActiveSpan();
    if (running && isSpanContextValid(running.spanContext())) {
      const route = request.routeOptions?.url;
      if (route) running.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
      done();
      return;
    }
    const carried = contextOf(request.headers);
    const span = identified(trace.getTracer('kkm').startSpan(`${request.method} ${request.routeOptions?.url ?? ''}`, {}, carried));
    span.end();
    context.with(trace.setSpan(carried, span), done);
  });
}
