import { Rejected } from '@kkm/core';
import type { Delivery } from '@kkm/messaging';
import { Trust } from './trust';

const from = (userId: string | null): Delivery => ({ body: null, messageId: null, type: null, routingKey: '', headers: {}, userId, redelivered: false });

describe('Trust', () => {
  const trust = new Trust('kkm');

  it.each([
    ['kkm', true],
    ['site-club-1', true],
    ['site-club-2', false],
    ['guest', false],
    [null, false],
  ])('lets the broker user %s speak for club-1: %s', (userId, allowed) => {
    expect(trust.speaksFor('club-1', from(userId))).toBe(allowed);
  });

  it('refuses a call for another site', () => {
    expect(() => trust.requireSite('club-1', from('site-club-2'))).toThrow(Rejected);
    expect(() => trust.requireSite('club-1', from('site-club-1'))).not.toThrow();
  });

  it('lets only KKM itself change payments', () => {
    expect(() => trust.requireService(from('site-club-1'))).toThrow(Rejected);
    expect(() => trust.requireService(from(null))).toThrow(Rejected);
    expect(() => trust.requireService(from('kkm'))).not.toThrow();
  });
});
