import type { Payment, TerminalHealth } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('a test payment', { suite: 'test-payments', terminals: 1 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', {}));

  /** The payment once its money is back. */
  const untilGivenBack = (paymentId: string, withinMs = 20_000): Promise<Payment> =>
    eventually(async () => {
      const payment = await kkm().read(paymentId);
      if (payment.status !== 'succeeded' || payment.refundedAmount !== payment.chargedAmount) throw new Error(JSON.stringify(payment));
      return payment;
    }, withinMs);

  it('by card is voided at once, and its events say what it was', async () => {
    const { body } = await kkm().pay({ amount: 100, purpose: 'test' });
    const { attempts } = await untilGivenBack(body.id);
    expect(attempts.map(({ operation, status, amount }) => [operation, status, amount])).toEqual([
      ['sale', 'approved', 100],
      ['void', 'approved', 100],
    ]);
    expect(await kkm().found({ purpose: 'test' })).toEqual([body.id]);
    const { body: feed } = await kkm().call<{ events: { subject: string; data: Payment }[] }>('GET', '/v1/events?limit=1000');
    const purposes = feed.events.filter(({ subject }) => subject === body.id).map(({ data }) => data.purpose);
    expect(new Set(purposes)).toEqual(new Set(['test']));
  });

  it('by QR is refunded at its bank at once', async () => {
    const { body } = await kkm().payBySbp({ amount: 100, purpose: 'test' });
    const { attempts } = await untilGivenBack(body.id);
    expect(attempts.map(({ operation, status }) => [operation, status])).toEqual([
      ['sale', 'approved'],
      ['refund', 'approved'],
    ]);
  });

  it('is voided once, though the ledger died between charge and void', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().pay({ amount: 100, purpose: 'test' });
    await kkm().untilAsksForCard();
    await kkm().stack.ledger.stop('SIGKILL');
    await kkm().terminals.behave('pax-1', {});
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await eventually(async () => {
      if (!(await kkm().terminals.books()).some(({ kind, reversed }) => kind === 'sale' && !reversed)) throw new Error('The bank has not charged yet.');
    });
    kkm().stack.ledger.start();
    const { attempts } = await untilGivenBack(body.id, 40_000);
    expect(attempts.filter(({ operation }) => operation !== 'sale')).toHaveLength(1);
  });

  it('shows in the health of its terminal', async () => {
    const { body } = await eventually(async () => {
      const answer = await kkm().call<TerminalHealth>('GET', '/v1/terminals/pax-1/health');
      if (answer.body.now.link !== 'up' || answer.body.now.busy) throw new Error(JSON.stringify(answer.body));
      return answer;
    });
    expect(body.now).toMatchObject({ worker: { id: expect.any(String) as string }, inDoubt: false, lastAnswerAt: expect.any(String) as string });
    expect(body.total).toMatchObject({ sales: 3, approved: 3, readFailureRate: 0, failures: [] });
  });
});
