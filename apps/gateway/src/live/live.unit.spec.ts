import { Unavailable } from '@kkm/core';
import type { CompletionEvent, Payment } from '@kkm/core';
import { samplePayment } from '@kkm/flow/testing';
import { FeedReader } from './feed-reader';
import { isRefunded, LivePayments } from './live-payments';
import { shows, StreamHub } from './stream-hub';

describe('LivePayments', () => {
  let nowMs = 0;
  let timed: [number, string][] = [];
  let live: LivePayments;
  const never = new AbortController().signal;
  const final = (more: Partial<Payment> = {}) => samplePayment({ status: 'succeeded', sequence: 3, ...more });
  beforeEach(() => {
    [nowMs, timed] = [0, []];
    live = new LivePayments(
      () => nowMs,
      (seconds, payment) => timed.push([seconds, payment.status]),
    );
  });

  it('tells the end of a payment to everybody who waits for it', async () => {
    const waits = [live.finalOf(samplePayment(), never), live.finalOf(samplePayment(), never)];
    live.heard(samplePayment({ status: 'in_progress', sequence: 2 }));
    live.heard(final({ id: 'pay_2' }));
    live.heard(final());
    expect((await Promise.all(waits)).map((payment) => payment?.status)).toEqual(['succeeded', 'succeeded']);
  });

  it('knows an end that came before anybody waited, for ten seconds', async () => {
    live.heard(final());
    expect((await live.finalOf(samplePayment(), never))?.status).toBe('succeeded');
    nowMs = 10_001;
    const stop = new AbortController();
    const waiting = live.finalOf(samplePayment(), stop.signal);
    stop.abort();
    expect(await waiting).toBeNull();
  });

  it('does not take the end before a redo for the end of the redo', async () => {
    live.heard(samplePayment({ status: 'declined', sequence: 3 }));
    const redone = samplePayment({ status: 'pending', sequence: 4 });
    const waiting = live.finalOf(redone, never);
    live.heard(samplePayment({ status: 'declined', sequence: 3 }));
    live.heard(final({ sequence: 6 }));
    expect((await waiting)?.sequence).toBe(6);
  });

  it('does not wait for what is final, and goes on waiting in doubt', async () => {
    expect(await live.finalOf(final(), never)).toEqual(final());
    const stop = new AbortController();
    const waiting = live.finalOf(samplePayment(), stop.signal);
    live.heard(samplePayment({ status: 'in_doubt', sequence: 3 }));
    stop.abort();
    expect(await waiting).toBeNull();
    expect(await live.finalOf(samplePayment(), AbortSignal.abort())).toBeNull();
  });

  it('lets whoever waits for a refund wait on after the payment’s own end', async () => {
    const [sale] = samplePayment().attempts;
    const returned = (finishedAt: string | null) =>
      final({
        attempts: sale
          ? [
              { ...sale, status: 'approved' },
              { ...sale, id: 'att_2', number: 2, operation: 'refund', finishedAt },
            ]
          : [],
        sequence: 4,
      });
    live.heard(final({ sequence: 3 }));
    const waiting = live.finalOf(returned(null), never, isRefunded);
    live.heard(returned(null));
    const later = live.finalOf(returned(null), never, isRefunded);
    live.heard({ ...returned('2026-01-01T00:00:01.000Z'), sequence: 5, refundedAmount: 100 });
    expect((await Promise.all([waiting, later])).map((payment) => payment?.refundedAmount)).toEqual([100, 100]);
    const unfinished = live.finalOf(returned(null), AbortSignal.abort(), isRefunded);
    expect((await unfinished)?.sequence).toBe(5);
  });

  it('times each payment it opened once, from accepted to final', () => {
    live.accepted(samplePayment());
    nowMs = 1_500;
    live.heard(final());
    live.heard(final());
    live.heard(final({ id: 'pay_of_another_replica' }));
    live.accepted(samplePayment({ sequence: 4 }));
    live.heard(samplePayment({ status: 'declined', sequence: 3 }));
    expect(timed).toEqual([[1.5, 'succeeded']]);
  });

  it('keeps only so many payments', () => {
    for (let i = 0; i < 10_050; i += 1) live.accepted(samplePayment({ id: `pay_${i}` }));
    live.heard(final({ id: 'pay_0' }));
    live.heard(final({ id: 'pay_10049' }));
    expect(timed).toHaveLength(1);
  });
});

describe('StreamHub', () => {
  const eventOf = (n: number): CompletionEvent => ({
    specversion: '1.0',
    id: `evt_${n}`,
    source: 's',
    type: 'kkm.payment.started.v1',
    subject: 'pay_1',
    time: '2026-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    sequence: n,
    data: samplePayment(),
  });

  it('shows what becomes readable after joining, in order, and survives an absent ledger', async () => {
    const events: CompletionEvent[] = [eventOf(1)];
    let away = false;
    const faults: unknown[] = [];
    const pauses: number[] = [];
    let wake = (): void => undefined;
    const settle = () => new Promise(setImmediate);
    const hub = new StreamHub(
      {
        feedEnd: () => Promise.resolve({ next: String(events.length) }),
        events: ({ after, limit }) => {
          if (away) return Promise.reject(new Unavailable('ledger.unavailable'));
          const from = Number(after);
          const page = events.slice(from, from + limit);
          return Promise.resolve({ events: page, next: String(from + page.length) });
        },
      },
      (error) => faults.push(error),
      (ms, then) => {
        pauses.push(ms);
        wake = then;
        return () => undefined;
      },
    );
    const seen: string[] = [];
    const leave = await hub.join((page) => seen.push(...page.map(({ id }) => id)));
    await settle();
    expect(pauses).toEqual([1_000]);
    events.push(eventOf(2));
    hub.hint();
    await settle();
    expect(seen).toEqual(['evt_2']);
    away = true;
    hub.hint();
    await settle();
    [away] = [false, events.push(eventOf(3))];
    expect(pauses.at(-1)).toBe(30);
    wake();
    await settle();
    expect(seen).toEqual(['evt_2', 'evt_3']);
    leave();
    expect(hub.busy).toBe(false);
    expect(faults).toEqual([]);
    const missed: string[] = [];
    for await (const page of hub.since('0')) missed.push(...page.events.map(({ id }) => id));
    expect(missed).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  it('lets a second reader join without moving the first one’s place', async () => {
    const events: CompletionEvent[] = [];
    const ends: ((end: { next: string }) => void)[] = [];
    const hub = new StreamHub(
      {
        feedEnd: () => new Promise((resolve) => ends.push(resolve)),
        events: ({ after }) => Promise.resolve({ events: events.slice(Number(after)), next: String(events.length) }),
      },
      () => undefined,
      () => () => undefined,
    );
    const seen: string[] = [];
    const joining = [hub.join((page) => seen.push(...page.map(({ id }) => id))), hub.join(() => undefined)];
    ends[0]?.({ next: '0' });
    await joining[0];
    events.push(eventOf(1));
    ends[1]?.({ next: '1' });
    await joining[1];
    hub.hint();
    await new Promise(setImmediate);
    expect(seen).toEqual(['evt_1']);
  });

  it('shows an event to whom it belongs', () => {
    const event = eventOf(1);
    const nobodys = { ...event, data: { siteId: null, orderId: null, requestId: 'r', problem: { code: 'c', title: 't', status: 422 } } };
    expect([shows(event, null, null), shows(event, ['club-1'], null), shows(event, ['club-2'], null), shows(event, [], null)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([shows(event, null, 'pay_1'), shows(event, null, 'pay_2')]).toEqual([true, false]);
    expect([shows(nobodys, null, null), shows(nobodys, ['club-1'], null)]).toEqual([true, false]);
  });
});

describe('FeedReader', () => {
  const event = (n: number) => ({ id: `evt_${n}` }) as CompletionEvent;
  const pageOf = (...numbers: number[]) => ({ events: numbers.map(event), next: `c_${numbers.at(-1)}` });
  const shown: string[] = [];
  let cuts = 0;
  let reader: FeedReader;
  beforeEach(() => {
    [cuts] = [0, shown.splice(0)];
    reader = new FeedReader({
      show: (events, cursor) => shown.push(...events.map(({ id }) => id), cursor),
      drained: () => Promise.resolve(),
      cut: () => (cuts += 1),
    });
  });

  it('shows what was missed, then what came meanwhile without repeating it, then what comes', async () => {
    await reader.begin(
      (async function* missed() {
        yield pageOf(1, 2);
        reader.hear([event(3), event(4)], 'c_4');
        reader.hear([event(5)], 'c_5');
        yield pageOf(3, 4);
      })(),
    );
    reader.hear([event(6)], 'c_6');
    expect(shown).toEqual(['evt_1', 'evt_2', 'c_2', 'evt_3', 'evt_4', 'c_4', 'c_4', 'evt_5', 'c_5', 'evt_6', 'c_6']);
  });

  it('shows nothing before it begins, and gives up a reader who never catches up', () => {
    for (let i = 0; i < 1_001; i += 1) reader.hear([event(i)], 'c');
    expect([shown.length, cuts]).toEqual([0, 1]);
  });
});
