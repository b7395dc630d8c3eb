import type { CompletionEvent, EventPage, Payment } from '@kkm/core';
import { attemptOf, paymentOf } from '../testing/made-up';
import { PaymentFeed } from './payment-feed';

const told = (what: 'accepted' | 'in_doubt' | 'succeeded' | 'declined', data: Payment, second = 0): CompletionEvent => ({
  specversion: '1.0',
  id: `evt_${data.id}_${data.sequence}`,
  source: '/kkm',
  type: `kkm.payment.${what}.v1`,
  subject: data.id,
  time: new Date(second * 1_000).toISOString(),
  datacontenttype: 'application/json',
  sequence: data.sequence,
  data,
});

/** A feed whose pages are given; null is a gateway that does not answer. */
async function heard(...pages: readonly (readonly CompletionEvent[] | null)[]): Promise<{ readonly feed: PaymentFeed; readonly asked: (string | null)[] }> {
  const left = [...pages];
  const asked: (string | null)[] = [];
  const events = (after: string | null): Promise<EventPage | null> => {
    asked.push(after);
    const page = left.length > 0 ? left.shift() : [];
    return Promise.resolve(page ? { events: page, next: `cursor ${asked.length}` } : null);
  };
  const feed = new PaymentFeed({ events });
  for (let more = left.length; more >= 0; more -= 1) await feed.stop();
  return { feed, asked };
}

describe('the feed as a caller follows it', () => {
  const accepted = paymentOf('a', 'pending', { sequence: 1 });
  const doubted = paymentOf('a', 'in_doubt', { sequence: 3 });
  const ended = paymentOf('a', 'succeeded', { sequence: 4 });

  it('remembers the newest state by sequence, not by arrival', async () => {
    const { feed } = await heard([told('succeeded', ended), told('accepted', accepted)]);
    expect(feed.payments()).toEqual([ended]);
    expect(feed.told()).toEqual(new Map([['a', 'succeeded']]));
  });

  it('goes on from where it was when the gateway was away', async () => {
    const { asked } = await heard([told('accepted', accepted)], null, [told('succeeded', ended)]);
    expect(asked.slice(0, 4)).toEqual([null, 'cursor 1', 'cursor 1', 'cursor 3']);
  });

  it('remembers since when an attempt is in doubt, whatever is told later', async () => {
    const { feed } = await heard([told('in_doubt', doubted, 7), told('in_doubt', { ...doubted, sequence: 5 }, 9)]);
    expect(feed.inDoubtSince()).toEqual(new Map([['a-1', 7_000]]));
    expect(feed.unfinished()).toEqual({ open: 0, inDoubt: 1 });
  });

  it('lets callers wait for the end of the attempt they asked for', async () => {
    const redone = paymentOf('a', 'declined', { attempts: [attemptOf('a-1', 'declined'), attemptOf('a-2', 'declined', { number: 2 })] });
    const { feed } = await heard([told('declined', redone)]);
    expect(await feed.untilEnded('a', 2)).toEqual(redone);
    expect(await Promise.race([feed.untilEnded('a', 3), Promise.resolve('still waiting')])).toBe('still waiting');
  });
});
