import type { Payment } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';
import type { TestKkm } from './harness/test-kkm';

const wait = { prefer: 'wait=30' };

/** The returns of a payment as the bank's books and the ledger have them. */
async function returnsOf(kkm: TestKkm, payment: Payment): Promise<readonly string[]> {
  return payment.attempts
    .filter(({ operation, status }) => operation !== 'sale' && status === 'approved')
    .map(({ operation, amount }) => `${operation} ${amount}`);
}

describeKkm('refunds', { suite: 'refunds', terminals: 1 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', {}));

  const charged = async (members: Readonly<Record<string, unknown>>): Promise<Payment> => {
    const { body } = await kkm().pay(members, wait);
    expect(body.status).toBe('succeeded');
    return body;
  };
  const givenBack = async (): Promise<number> =>
    (await kkm().terminals.books()).filter(({ kind }) => kind === 'void' || kind === 'refund').reduce((sum, { amount }) => sum + amount, 0);

  it('void a card’s charge of the same day', async () => {
    const { id } = await charged({ amount: 50_100 });
    const { status, body } = await kkm().refund(id, { reason: 'The machine was broken' }, wait);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'succeeded', chargedAmount: 50_100, refundedAmount: 50_100, redoable: false });
    expect(await returnsOf(kkm(), body)).toEqual(['void 50100']);
    await eventually(() => expect(kkm().events.namesOf(id)).toEqual(['accepted', 'started', 'succeeded', 'refunded']));
    expect(await kkm().refund(id)).toMatchObject({ status: 409, body: { code: 'payment.not_refundable' } });
  });

  it('refund a card’s charge once the terminal was settled', async () => {
    const { id } = await charged({ amount: 50_200 });
    await kkm().terminals.settle('pax-1');
    await kkm().refund(id, {}, wait);
    const payment = await eventually(async () => {
      const read = await kkm().read(id);
      expect(read.refundedAmount).toBe(50_200);
      return read;
    }, 45_000);
    expect(await returnsOf(kkm(), payment)).toEqual(['refund 50200']);
  });

  it.each([
    ['card', 50_300],
    ['sbp_qr', 50_400],
  ])('give back a part, then the rest, of a charge by %s', async (method, amount) => {
    const { id } = await charged({ amount, method });
    const before = await givenBack();
    expect(await kkm().refund(id, { amount: amount + 1 })).toMatchObject({ status: 422, body: { code: 'payment.refund_too_large' } });
    expect((await kkm().refund(id, { amount: 20_000 }, wait)).body).toMatchObject({ refundedAmount: 20_000 });
    expect(await kkm().refund(id, { amount: amount - 19_999 })).toMatchObject({ status: 422, body: { code: 'payment.refund_too_large' } });
    expect((await kkm().refund(id, {}, wait)).body).toMatchObject({ status: 'succeeded', refundedAmount: amount });
    expect((await givenBack()) - before).toBe(amount);
  });

  it('are done once for any number of repeats with the same key', async () => {
    const { id } = await charged({ amount: 50_500, method: 'sbp_qr' });
    const headers = { 'idempotency-key': '"refund-of-50500"', ...wait };
    const answers = await Promise.all([1, 2, 3].map(() => kkm().refund(id, { amount: 500 }, headers)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect((await kkm().refund(id, { amount: 500 }, headers)).headers.get('idempotency-replayed')).toBe('true');
    expect(await returnsOf(kkm(), await kkm().read(id))).toEqual(['refund 500']);
  });

  it.each([
    ['card', 50_600],
    ['sbp_qr', 50_700],
  ])('never give back more than was charged by %s, sixteen asked for at once', async (method, amount) => {
    const { id } = await charged({ amount, method });
    const before = await givenBack();
    const answers = await Promise.all(Array.from({ length: 16 }, () => kkm().refund(id, { amount: 20_000 }, wait)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => ![200, 409, 422].includes(status))).toEqual([]);
    const after = await kkm().read(id);
    expect(after.refundedAmount).toBe(20_000 * won.length);
    expect(after.refundedAmount).toBeLessThanOrEqual(amount);
    expect((await kkm().refund(id, {}, wait)).body.refundedAmount).toBe(amount);
    expect((await givenBack()) - before).toBe(amount);
  });

  it('come by message too', async () => {
    const { id, orderId } = await charged({ amount: 50_800 });
    await kkm().events.request(kkm().stack.siteId, 'refund', { id: `refund-${orderId}`, data: { siteId: kkm().stack.siteId, orderId } });
    await eventually(async () => expect(await kkm().read(id)).toMatchObject({ refundedAmount: 50_800 }), 20_000);
  });
});
