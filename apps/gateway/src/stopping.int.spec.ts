import type { Payment } from '@kkm/core';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { GatewayUnderTest, operatorKey } from './testing/gateway-under-test';

describeWith(['broker', 'database'], 'a gateway that stops', () => {
  it('answers who waits, ends its streams and is gone soon', async () => {
    const gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    const waiting = gateway.pay<Payment>(
      { siteId: 'club-1', orderId: 'o', amount: 100, currency: 'RUB', registerId: 'desk-1' },
      { headers: { prefer: 'wait=60' } },
    );
    const stream = await fetch(`${gateway.url}/v1/stream`, { headers: { authorization: `Bearer ${operatorKey}` } });
    const read = stream.text();
    await eventually(() => expect(gateway.ledger.payments.size).toBe(1));
    await pause(50);
    const startedMs = performance.now();
    await gateway.stop();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ status: 201, body: { status: 'pending' } });
    expect(await read).toContain(': open');
  });
});
