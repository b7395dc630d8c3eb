import { exchanges, queues } from '@kkm/contracts';
import type { RawDelivery } from '@kkm/messaging';
import { readParked } from './read-parked';

const parked: RawDelivery = {
  content: Buffer.from(JSON.stringify({ id: 'r-1', data: { siteId: 'club-1', paymentId: 'pay_1' } })),
  exchange: exchanges.parked,
  routingKey: 'club-1.redo.requested',
  messageId: 'r-1',
  type: null,
  contentType: 'application/cloudevents+json',
  headers: {
    'x-park-reason': 'payment.not_found',
    'x-original-exchange': exchanges.ingress,
    'x-original-routing-key': 'club-1.redo.requested',
    'x-original-queue': queues.gatewayIngress,
    'x-original-user-id': 'icafecloud',
    'x-sent-at-ms': 1,
    traceparent: '00-a',
  },
  userId: 'kkm',
};
const by = { serviceUser: 'kkm', nowMs: 1_000_000 };
const read = (changed: Partial<RawDelivery> = {}, headers: RawDelivery['headers'] = {}) =>
  readParked({ ...parked, ...changed, headers: { ...parked.headers, ...headers } }, by);

describe('reading a parked copy', () => {
  it('tells where it came from, who sent it, and whom it is about', () => {
    expect(read()).toMatchObject({
      reason: 'payment.not_found',
      siteId: 'club-1',
      paymentId: 'pay_1',
      queue: queues.gatewayIngress,
      exchange: exchanges.ingress,
      routingKey: 'club-1.redo.requested',
      messageId: 'r-1',
      sender: 'icafecloud',
      notReplayable: null,
      replayOf: null,
    });
  });

  it('reads the broker’s own headers where it was the broker who gave up', () => {
    const headers = { 'x-first-death-reason': 'delivery_limit', 'x-first-death-exchange': exchanges.results, 'x-first-death-queue': queues.ledgerResults };
    const content = Buffer.from(JSON.stringify({ siteId: 'club-1', paymentId: 'pay_2' }));
    const message = readParked({ ...parked, content, headers, routingKey: queues.ledgerResults, userId: 'site-club-1' }, by);
    expect(message).toMatchObject({ reason: 'delivery_limit', siteId: 'club-1', paymentId: 'pay_2', sender: 'site-club-1', notReplayable: null });
  });

  it('knows the payment of an event by its data', () => {
    const content = Buffer.from(JSON.stringify({ data: { id: 'pay_3', siteId: 'club-1', attempts: [] } }));
    expect(read({ content }).paymentId).toBe('pay_3');
    expect(read({ content: Buffer.from('{"paymentId":"<b>"}') }).paymentId).toBeNull();
  });

  it('has one fingerprint for every copy of a parking, and another for what differs', () => {
    const same = read().fingerprint;
    expect(read({}, { 'x-sent-at-ms': 2, 'x-delivery-count': 1, traceparent: '00-b' }).fingerprint).toEqual(same);
    const others = [
      read({ content: Buffer.from('{}') }),
      read({ messageId: 'r-2' }),
      read({ userId: null }),
      read({}, { 'x-park-reason': 'payment.order_busy' }),
      read({}, { 'x-original-queue': queues.gatewayChecks }),
      read({}, { 'x-original-user-id': 'kkm', 'x-replay-of': 'prk_1' }),
    ];
    for (const { fingerprint } of others) expect(fingerprint).not.toEqual(same);
  });

  it('believes that it is a replay only where KKM’s own user sent it', () => {
    const mark = { 'x-replay-of': 'prk_1' };
    expect(read({}, { ...mark, 'x-original-user-id': 'kkm' }).replayOf).toBe('prk_1');
    expect(read({}, mark).replayOf).toBeNull();
    expect(read({ userId: 'site-club-1' }, { ...mark, 'x-original-user-id': 'kkm' }).replayOf).toBeNull();
    expect(readParked({ ...parked, headers: mark }, by).replayOf).toBe('prk_1');
    expect(readParked({ ...parked, headers: mark, userId: 'icafecloud' }, by).replayOf).toBeNull();
  });

  it('ends with the guest’s patience where it asks for a payment, counted from its parking', () => {
    const asking = (data: object, headers = {}, routingKey = 'club-1.payment.requested') =>
      read({ routingKey, content: Buffer.from(JSON.stringify({ data })) }, { 'x-sent-at-ms': 400_000, ...headers }).expiresAt?.getTime();
    expect(asking({})).toBe(400_000 + 180_000);
    expect(asking({ expiresIn: 60 })).toBe(400_000 + 60_000);
    expect(asking({ expiresIn: 1e9 }, {}, 'club-1.redo.requested')).toBe(400_000 + 180_000);
    for (const odd of [undefined, 'x', -1, 5_000_000]) expect(asking({}, { 'x-sent-at-ms': odd })).toBe(1_000_000 + 180_000);
    for (const routingKey of ['club-1.cancel.requested', 'club-1.refund.requested', 'club-1.pax-1', queues.ledgerResults])
      expect(asking({}, {}, routingKey)).toBeUndefined();
  });

  it('says first that a body cannot be read', () => {
    expect(read({ content: Buffer.from('{'), userId: null }).notReplayable).toBe('not_json');
    expect(read({ userId: null }).notReplayable).toBe('not_trusted');
  });

  it('keeps no card number of the envelope, and does not send again what it had to change', () => {
    const message = read({ messageId: '4111 1111 1111 1111' }, { note: '4111111111111111', token: 'abc', bytes: Buffer.from('x') });
    expect([message.messageId, message.notReplayable]).toEqual(['************1111', 'redacted']);
    expect(message.headers).toMatchObject({ note: '************1111', token: '[hidden]', bytes: '[1 bytes]', 'x-park-reason': 'payment.not_found' });
    expect(read({ type: 'a\0b' })).toMatchObject({ type: 'ab', notReplayable: 'redacted' });
  });

  it('keeps no headers that are larger than anybody reads', () => {
    expect(read({}, { long: 'x'.repeat(20_000) }).headers).toEqual({});
  });

  it('reads what says nothing at all', () => {
    const nothing = { content: Buffer.alloc(0), exchange: '', routingKey: '', messageId: null, type: null, contentType: null, headers: {}, userId: null };
    expect(readParked(nothing, by)).toMatchObject({ reason: 'unknown', siteId: null, queue: null, sender: null, notReplayable: 'not_json', replayOf: null });
  });
});
