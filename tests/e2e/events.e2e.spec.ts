import type { EventPage, CompletionEvent } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('the event feed', { suite: 'events', terminals: 8 }, (kkm) => {
  const readFeed = async (limit: number): Promise<CompletionEvent[]> => {
    const all: CompletionEvent[] = [];
    let after: string | null = null;
    for (;;) {
      const { body }: { body: EventPage } = await kkm().call<EventPage>(
        'GET',
        `/v1/events?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`,
      );
      if (body.events.length === 0) return all;
      all.push(...body.events);
      after = body.next;
    }
  };

  it('is complete, in order per payment, and the same as what was published', async () => {
    const declines = new Set(['pax-3', 'pax-6']);
    for (const id of declines) await kkm().terminals.behave(id, { auto: 'decline' });
    const opened = await Promise.all(Array.from({ length: 40 }, (_, index) => kkm().pay({ terminalId: `pax-${(index % 8) + 1}` }, { prefer: 'wait=60' })));
    const feed = await eventually(async () => {
      const events = await readFeed(7);
      expect(events.filter(({ subject }) => opened.some(({ body }) => body.id === subject))).toHaveLength(120);
      return events;
    }, 15_000);
    for (const { body } of opened) {
      const own = feed.filter(({ subject }) => subject === body.id);
      expect(own.map(({ type }) => type.split('.')[2])).toEqual(['accepted', 'started', declines.has(body.terminalId) ? 'declined' : 'succeeded']);
      expect(own.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    }
    expect(new Set(feed.map(({ id }) => id)).size).toBe(feed.length);
    await eventually(() => {
      const published = new Set(
        kkm()
          .events.all()
          .map(({ id }) => id),
      );
      expect(feed.filter(({ id }) => !published.has(id))).toEqual([]);
    });
  });

  it('streams a payment’s changes and its progress live', async () => {
    await kkm().terminals.behave('pax-1', { faults: ['read_failures(1)'] });
    const stop = new AbortController();
    const stream = await fetch(`${kkm().stack.gateway.url}/v1/stream`, { headers: { authorization: `Bearer ${kkm().stack.apiKey}` }, signal: stop.signal });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const { body } = await kkm().pay({}, { prefer: 'wait=30' });
    const text = await readUntil(stream, (sofar) => sofar.includes('succeeded'));
    stop.abort();
    expect(text).toContain(body.id);
    expect(text).toContain('card_read_failed');
  });
});

async function readUntil(stream: Response, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of stream.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (enough(text)) return text;
  }
  return text;
}
