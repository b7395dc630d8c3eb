import { context, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { tracing as sdk } from '@opentelemetry/sdk-node';
import { traceRequests } from './trace-requests';
import type { RequestHooks, TracedRequest } from './trace-requests';
import { runWithTrace, traceHeaders } from './trace-context';
import { startTracing } from './tracing';
import type { Tracing } from './tracing-sdk';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const incoming = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=1,other=2' };

describe('tracing without an endpoint', () => {
  let running: Tracing;
  beforeEach(async () => {
    running = await startTracing({ service: 'test' });
  });
  afterEach(() => running.stop());

  it('passes traceparent and tracestate on', () => {
    expect(runWithTrace(incoming, 'step', traceHeaders)).toEqual(incoming);
  });

  it('begins a trace where none was named, and keeps it', async () => {
    const [first, second] = await runWithTrace({}, 'step', async () => {
      const before = traceHeaders();
      await Promise.resolve();
      return [before, runWithTrace(null, 'inner step', traceHeaders)];
    });
    expect(first?.['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(second?.['traceparent']?.slice(0, 35)).toBe(first?.['traceparent']?.slice(0, 35));
  });

  it.each([
    ['all zero trace id', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['all zero parent id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', incoming.traceparent.toUpperCase()],
    ['version ff', incoming.traceparent.replace(/^00/, 'ff')],
    ['too long for version 00', `${incoming.traceparent}-more`],
    ['text', 'hello'],
    ['a number', 7],
    ['bytes', Buffer.from(incoming.traceparent)],
  ])('ignores the whole header when it is malformed: %s', (_what, traceparent) => {
    const headers = runWithTrace({ traceparent, tracestate: incoming.tracestate }, 'step', traceHeaders);
    expect(headers['traceparent']).not.toContain(traceId);
    expect(headers).not.toHaveProperty('tracestate');
  });

  it('takes only the sampled flag over', () => {
    expect(runWithTrace({ traceparent: incoming.traceparent.replace(/01$/, 'ff') }, 'step', traceHeaders)['traceparent']).toBe(incoming.traceparent);
  });

  it('leaves the trace when the step is over', async () => {
    await runWithTrace(incoming, 'step', () => Promise.resolve());
    expect(traceHeaders()).toEqual({});
  });

  it('keeps messages apart that are handled at the same time', async () => {
    const other = incoming.traceparent.replaceAll('a', 'b');
    const handle = async (): Promise<string | undefined> => {
      await new Promise(setImmediate);
      return traceHeaders()['traceparent'];
    };
    expect(await Promise.all([runWithTrace(incoming, 'one', handle), runWithTrace({ traceparent: other }, 'two', handle)])).toEqual([
      incoming.traceparent,
      other,
    ]);
  });

  it('gives results and errors through as they are', async () => {
    const error = new Error('no');
    expect(runWithTrace({}, 'step', () => 7)).toBe(7);
    expect(() =>
      runWithTrace({}, 'step', () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(runWithTrace({}, 'step', () => Promise.reject(error))).rejects.toBe(error);
  });

  it('puts a request into the trace its headers name', () => {
    const seen = new Promise<unknown>((resolve) => {
      const server: RequestHooks = { addHook: (_name, hook) => hook({ method: 'POST', headers: incoming }, null, () => resolve(traceHeaders())) };
      traceRequests(server);
    });
    return expect(seen).resolves.toEqual(incoming);
  });
});

describe('tracing with an SDK', () => {
  const exporter = new sdk.InMemorySpanExporter();
  let running: Tracing;
  beforeEach(async () => {
    running = await startTracing({ service: 'test' });
    trace.setGlobalTracerProvider(new sdk.BasicTracerProvider({ spanProcessors: [new sdk.SimpleSpanProcessor(exporter)] }));
  });
  afterEach(async () => {
    exporter.reset();
    await running.stop();
  });

  it('makes a span per step, each the child of the one before', async () => {
    await runWithTrace(incoming, 'handle', () => runWithTrace(null, 'inner', () => Promise.resolve()));
    const [inner, outer] = exporter.getFinishedSpans();
    expect([inner?.name, outer?.name]).toEqual(['inner', 'handle']);
    expect(outer?.spanContext().traceId).toBe(traceId);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  it('marks a failed step without its secrets', async () => {
    await runWithTrace({}, 'handle', () => Promise.reject(new Error('card 4111111111111111'))).catch(() => undefined);
    const [span] = exporter.getFinishedSpans();
    expect(span?.status.code).toBe(2);
    expect(JSON.stringify([span?.status, span?.events])).not.toContain('4111111111111111');
  });

  it('makes no span of a request that the instrumentation leaves out', () => {
    const request: TracedRequest = { method: 'GET', headers: {}, routeOptions: { url: '/health/ready' } };
    context.with(suppressTracing(context.active()), () => traceRequests({ addHook: (_name, hook) => hook(request, null, () => undefined) }));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('names the span of a request after its route', () => {
    runWithTrace({}, 'POST', () => {
      const request: TracedRequest = { method: 'POST', headers: {}, routeOptions: { url: '/v1/payments/:id' } };
      traceRequests({ addHook: (_name, hook) => hook(request, null, () => undefined) });
    });
    expect(exporter.getFinishedSpans()[0]?.name).toBe('POST /v1/payments/:id');
  });
});
