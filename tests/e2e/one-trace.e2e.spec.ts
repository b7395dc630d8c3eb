import { randomBytes } from 'node:crypto';
import { describeWith, eventually } from '@kkm/testkit';
import { TestKkm } from './harness/test-kkm';
import { TraceReceiver } from './harness/trace-receiver';
import type { ReceivedSpan } from './harness/trace-receiver';

describeWith(['broker', 'database'], 'the trace of a payment', () => {
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  /** The way of a payment: door, opening, command, permit, result. */
  const steps: readonly (readonly [string, RegExp])[] = [
    ['gateway', /^POST/],
    ['ledger', /payments\.open/],
    ['terminal-worker', /^handle terminal\./],
    ['ledger', /worker\.permit/],
    ['ledger', /^handle ledger\.results/],
  ];
  let receiver: TraceReceiver;
  let kkm: TestKkm;
  let spans: readonly ReceivedSpan[];

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    kkm = await TestKkm.start('one-trace', { terminals: 1, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' } });
    const { body } = await kkm.pay({}, { traceparent, prefer: 'wait=20' });
    expect(body.status).toBe('succeeded');
    spans = await eventually(() => {
      const ours = receiver.spans.filter((span) => span.traceId === traceId);
      const late = steps.filter(([service, name]) => !ours.some((span) => span.service === service && name.test(span.name)));
      if (late.length > 0) throw new Error(`Not arrived: ${late.join('; ')}. Arrived: ${ours.map((span) => `${span.service} ${span.name}`).join('; ')}`);
      return Promise.resolve(ours);
    }, 15_000);
  }, 90_000);
  afterAll(async () => {
    await kkm.remove();
    await receiver.stop();
  }, 60_000);

  it('begins with the request at the door, named after its route', () => {
    const request = spans.find((span) => span.service === 'gateway' && span.name.startsWith('POST'));
    expect([request?.name, request?.parentSpanId]).toEqual(['POST /v1/payments', traceparent.split('-')[2]]);
  });

  it('holds the statements of both databases, without their values', () => {
    const statements = (service: string): readonly ReceivedSpan[] => spans.filter((span) => span.service === service && 'db.system.name' in span.attributes);
    expect(statements('ledger')).not.toHaveLength(0);
    expect(JSON.stringify(spans)).not.toContain(kkm.stack.apiKey);
  });

  it('hangs together: every step has its parent within the trace', () => {
    const known = new Set([...spans.map((span) => span.spanId), traceparent.split('-')[2]]);
    expect(spans.filter((span) => !known.has(span.parentSpanId)).map((span) => `${span.service} ${span.name}`)).toEqual([]);
  });

  it('leaves out what machines ask every few seconds', () => {
    expect(
      receiver.spans
        .filter((span) => /health|metrics/.test(`${span.name} ${span.attributes['http.route'] ?? ''} ${span.attributes['url.path'] ?? ''}`))
        .map(({ name }) => name),
    ).toEqual([]);
  });
});
