import { randomBytes } from 'node:crypto';
import { context, isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Span, TextMapGetter } from '@opentelemetry/api';
import { maskText } from './redaction';

/** Headers as a broker or an HTTP server hands them over. */
export type CarriedHeaders = Readonly<Record<string, unknown>>;

const tracerName = 'kkm';

/** `traceparent` (and `tracestate`) of the running trace, for the headers of whatever is sent; empty outside a trace. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/**
 * Runs `work` as a step of a trace and ends the step with it, also when it is a promise.
 * @param headers of the message being handled: the step continues the trace they name, or begins a new one when they name none or a malformed one.
 *   `null` continues the trace that is running already.
 */
export function runWithTrace<T>(headers: CarriedHeaders | null, name: string, work: () => T): T {
  const parent = headers === null ? context.active() : contextOf(headers);
  const kind = headers === null ? SpanKind.INTERNAL : SpanKind.CONSUMER;
  const span = identified(trace.getTracer(tracerName).startSpan(name, { kind }, parent));
  return context.with(trace.setSpan(parent, span), () => endWith(span, work));
}

/** The context that `headers` name; the empty one when they name none. Only the sampled flag is taken over: the rest of version 00's flags is reserved. */
export function contextOf(headers: CarriedHeaders): Context {
  const extracted = propagation.extract(ROOT_CONTEXT, headers, textOnly);
  const carried = trace.getSpanContext(extracted);
  return carried ? trace.setSpanContext(extracted, { ...carried, traceFlags: carried.traceFlags & TraceFlags.SAMPLED }) : extracted;
}

/** Without an SDK no span has an identity of its own; a trace that begins here gets one, so that logs and later services can be joined. */
export function identified(span: Span): Span {
  if (isSpanContextValid(span.spanContext())) return span;
  return trace.wrapSpanContext({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.NONE });
}

function endWith<T>(span: Span, work: () => T): T {
  const failed = (error: unknown): void => {
    const message = maskText(error instanceof Error ? error.message : String(error));
    span.recordException({ name: error instanceof Error ? error.name : 'Error', message });
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.end();
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) span.end();
    else void result.then(() => span.end(), failed);
    return result;
  } catch (error) {
    failed(error);
    throw error;
  }
}

/** Header values that are not text (AMQP tables hold numbers, dates, bytes) name no trace. */
const textOnly: TextMapGetter<CarriedHeaders> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => {
    const value = carrier[key];
    return typeof value === 'string' ? value : undefined;
  },
};
