import { createRequire } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** A running tracing. */
export interface Tracing {
  /** Sends what is still held back, for at most a few seconds, and stops. */
  stop(): Promise<void>;
}

/** Roots of routes that are asked every few seconds by machines and would bury the payments. */
const unwatched = ['/health/', '/metrics'];

/** How long a stopping service waits for the collector. */
const flushMs = 3_000;

/** Starts the OpenTelemetry SDK with OTLP over HTTP. Context manager and propagator are registered already. */
export function startSdk(options: { readonly service: string; readonly endpoint: string }): Tracing {
  const http = new HttpInstrumentation({
    ignoreIncomingRequestHook: (request) => unwatched.some((path) => request.url?.startsWith(path) ?? false),
    requireParentforOutgoingSpans: true,
  });
  const pg = new PgInstrumentation({ requireParentSpan: true });
  const sdk = new NodeSDK({
    serviceName: options.service,
    traceExporter: new OTLPTraceExporter({ url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces` }),
    instrumentations: [http, pg],
    textMapPropagator: null,
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  touch([http, pg]);
  return { stop: () => Promise.race([sdk.shutdown().catch(() => undefined), new Promise<void>((resolve) => setTimeout(resolve, flushMs).unref())]) };
}

/** The instrumentations patch a module when it is next required; requiring it here includes those that were loaded before tracing began. */
function touch(instrumentations: readonly { getModuleDefinitions(): readonly { readonly name: string }[] }[]): void {
  const load = createRequire(__filename);
  for (const { name } of instrumentations.flatMap((one) => one.getModuleDefinitions())) {
    try {
      load(name);
    } catch {
      continue; // Not every service has every module; what is absent needs no patch.
    }
  }
}
