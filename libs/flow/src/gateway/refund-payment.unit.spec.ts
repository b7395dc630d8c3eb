import { Rejected, Unavailable } from '@kkm/core';
import { codeOf, GatewayPorts } from '../testing/gateway-ports';
import { RefundPayment } from './refund-payment';
import type { RefundRequest } from './refund-payment';

const request = (more: Partial<RefundRequest> = {}): RefundRequest => ({
  idempotencyKey: 'k-3',
  scope: ['club-1'],
  paymentId: 'pay_1',
  amount: 500,
  reason: 'one hour less',
  by: { kind: 'api_key', id: 'key_1', name: 'desk' },
  asSent: { amount: 500 },
  ...more,
});

describe('RefundPayment', () => {
  let ports: GatewayPorts;
  let refund: RefundPayment;
  beforeEach(() => {
    ports = new GatewayPorts();
    refund = new RefundPayment(ports);
  });

  it('asks the ledger under the caller’s rights and publishes what is to be done at a terminal', async () => {
    expect(await refund.run(request())).toBe(ports.opened);
    expect(ports.callNames).toEqual(['refund', 'publish']);
    expect(ports.calls[0]?.request).toEqual({
      idempotency: { key: 'k-3', fingerprint: 'payments.refund pay_1\n{"amount":500}' },
      scope: ['club-1'],
      paymentId: 'pay_1',
      amount: 500,
      reason: 'one hour less',
      by: { kind: 'api_key', id: 'key_1', name: 'desk' },
    });
  });

  it('publishes nothing for what the ledger asks of the bank itself', async () => {
    ports.opened = { ...ports.opened, command: null };
    await refund.run(request());
    expect(ports.published).toEqual([]);
  });

  it('leaves the judgement to the ledger, and lets the caller repeat what could not be published', async () => {
    ports.failures.set('refund', new Rejected('payment.refund_too_large'));
    expect(await codeOf(refund.run(request()))).toBe('payment.refund_too_large');
    ports.failures.clear();
    ports.failures.set('publish', new Unavailable('broker.unavailable'));
    expect(await codeOf(refund.run(request()))).toBe('broker.unavailable');
  });

  it('handles one refund per key at a time', async () => {
    const both = await Promise.allSettled([refund.run(request()), refund.run(request())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
