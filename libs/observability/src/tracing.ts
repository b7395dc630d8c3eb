import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Tracing } from './tracing-sdk';

/** How a service traces. */
export interface TracingOptions {
  readonly service: string;
  /** Base URL of an OTLP/HTTP collector, for example `http://otel:4318`. Without it nothing is exported and no SDK is loaded. */
  readonly endpoint?: string | undefined;
}

/**
 * Starts tracing; the first thing `main` does, before anything speaks HTTP or SQL.
 * `traceparent` and `tracestate` (W3C) travel in any case; spans are made and exported only with an endpoint.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const exporting = options.endpoint ? await startExport({ service: options.service, endpoint: options.endpoint }) : null;
  return {
    async stop() {
      await exporting?.stop();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}

/** The SDK weighs tens of megabytes in memory; a service that exports nothing never reads it from disk. */
async function startExport(options: { readonly service: string; readonly endpoint: string }): Promise<Tracing> {
  const { startSdk } = await import('./tracing-sdk');
  return startSdk(options);
}
