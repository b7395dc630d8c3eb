import type { KeptEvidence, Progress } from '@kkm/core';
import { storyOf } from './story';
import type { Happening } from './story';
import { someAttempt, somePayment } from './testing/some-payment';

const at = (second: number): string => `2026-11-27T10:00:${String(second).padStart(2, '0')}.000Z`;
const step = (name: Progress['step'], second: number, members: Partial<Progress> = {}): Progress => ({
  paymentId: 'pay_1',
  attemptId: 'att_1',
  siteId: 'club-1',
  terminalId: 'pax-1',
  step: name,
  n: null,
  of: null,
  detail: null,
  at: at(second),
  ...members,
});
const said = (kind: KeptEvidence['kind'], second: number): KeptEvidence => ({
  attemptId: 'att_1',
  kind,
  asked: 'x',
  said: 'y',
  rrn: null,
  at: at(second),
  times: 1,
  lastAt: at(second),
});
const kindsOf = (story: readonly Happening[]): string[] => story.map(({ kind }) => kind);
const tell = (payment = somePayment(), evidence: readonly KeptEvidence[] = [], heard: readonly Progress[] = []) => storyOf({ payment, evidence, heard });

describe('the story of a payment', () => {
  it('is short when all went well', () => {
    expect(kindsOf(tell())).toEqual(['opened', 'begun', 'granted', 'ended']);
    expect(kindsOf(tell(somePayment(), [said('answer', 5)]))).toEqual(['opened', 'begun', 'granted', 'ended']);
  });

  it('counts read failures, one by one where somebody listened', () => {
    const payment = somePayment({ attempts: [someAttempt({ readFailures: 2 })] });
    const heard = [step('card_read_failed', 2, { n: 1, of: 3 }), step('card_read_failed', 3, { n: 2, of: 3 })];
    expect(tell(payment, [], heard).filter(({ kind }) => kind === 'unread')).toMatchObject([
      { n: 1, of: 3, at: at(2) },
      { n: 2, of: 3, at: at(3) },
    ]);
    expect(tell(payment, [], heard.slice(1)).filter(({ kind }) => kind === 'unread')).toMatchObject([{ n: 2, of: null, at: null }]);
    expect(kindsOf(tell(payment))).toEqual(['opened', 'begun', 'granted', 'unread', 'ended']);
  });

  it('tells how doubt was lifted, and by whom', () => {
    const doubt = someAttempt({ status: 'unknown', finishedAt: null });
    expect(kindsOf(tell(somePayment({ attempts: [doubt] }), [said('answer', 5), said('report', 9)]))).toEqual([
      'opened',
      'begun',
      'granted',
      'said',
      'said',
      'in_doubt',
    ]);
    const resolvedBy = {
      by: { kind: 'user', id: 'usr_1', name: 'Anna' },
      at: at(20),
      charged: true,
      chargedAmount: 1,
      evidence: 'slip',
      terminal: 'awaited',
    } as const;
    const decided = somePayment({ attempts: [someAttempt({ finishedAt: at(20), resolvedBy })] });
    expect(kindsOf(tell(decided, [said('answer', 5), said('person', 20)]))).toEqual(['opened', 'begun', 'granted', 'said', 'decided']);
  });

  it('puts a cancel before the end it led to', () => {
    const attempts = [someAttempt({ status: 'cancelled' })];
    expect(kindsOf(tell(somePayment({ attempts, cancelRequested: 'done' })))).toEqual(['opened', 'begun', 'granted', 'stopping', 'ended']);
  });

  it('tells attempts one after the other, and what surfaced and closed later', () => {
    const attempts = [
      someAttempt({ status: 'declined', finishedAt: at(5) }),
      someAttempt({ id: 'att_2', number: 2, createdAt: at(10), grantedAt: at(11), finishedAt: at(15) }),
    ];
    const surfaced = [{ attemptId: 'att_1', amount: 1, rrn: null, disposition: 'returned' as const, at: at(13) }];
    expect(kindsOf(tell(somePayment({ attempts, surfaced, closedAt: at(40) })))).toEqual([
      'opened',
      'begun',
      'granted',
      'ended',
      'begun',
      'granted',
      'surfaced',
      'ended',
      'closed',
    ]);
  });

  it('tells a QR from when it was shown, and of live steps the last of its kind', () => {
    const qr = { payload: 'https://qr.nspk.ru/x', expiresAt: at(50) };
    const payment = somePayment({ attempts: [someAttempt({ status: 'granted', finishedAt: null, method: 'sbp_qr', qr })] });
    const heard = [step('on_terminal', 1), step('qr_shown', 3), step('recovering', 6), step('recovering', 8), step('still_working', 9)];
    const story = tell(payment, [], heard);
    expect(kindsOf(story)).toEqual(['opened', 'begun', 'granted', 'step', 'qr', 'step']);
    expect(story.at(-1)?.at).toBe(at(8));
    expect(story.find(({ kind }) => kind === 'qr')?.at).toBe(at(3));
  });

  it('never gives two happenings one key', () => {
    const payment = somePayment({ attempts: [someAttempt({ readFailures: 1 })] });
    const story = tell(payment, [said('report', 6), said('report', 7)], [step('card_read_failed', 1), step('on_terminal', 2)]);
    expect(new Set(story.map(({ key }) => key)).size).toBe(story.length);
  });
});
