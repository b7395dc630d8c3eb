import { LiveStream } from './live-stream';
import type { LiveNeeds, Source } from './live-stream';

/** An EventSource that does what it is told. */
class FakeSource implements Source {
  readyState = 1;
  closed = false;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(name, listener);
  }

  close(): void {
    this.closed = true;
  }

  send(name: string, data = '', lastEventId = ''): void {
    this.listeners.get(name)?.({ data, lastEventId } as MessageEvent<string>);
  }

  refuse(): void {
    this.readyState = 2;
    this.send('error');
  }
}

/** A stream with everything it takes from the browser in the hand of the test. */
function streamUnderTest() {
  const sources: FakeSource[] = [];
  const pauses: number[] = [];
  const said: string[] = [];
  let due: (() => void) | null = null;
  const needs: LiveNeeds = {
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    later: (act, ms) => {
      pauses.push(ms);
      due = act;
      return () => {
        due = null;
      };
    },
    onLive: (live) => said.push(live ? 'live' : 'cut'),
    onResumed: () => said.push('resumed'),
  };
  const stream = new LiveStream(needs);
  stream.start();
  return { stream, sources, pauses, said, now: () => sources.at(-1)!, passTime: () => due?.(), isDue: () => due !== null };
}

describe('the live stream', () => {
  it('tells events to those who listen to their name', () => {
    const { stream, now } = streamUnderTest();
    const heard: string[] = [];
    const leave = stream.on('progress', ({ paymentId }) => heard.push(paymentId));
    now().send('progress', '{"paymentId":"pay_1"}');
    now().send('payment', '{"id":"evt_1"}');
    leave();
    now().send('progress', '{"paymentId":"pay_2"}');
    expect(heard).toEqual(['pay_1']);
  });

  it('passes over a line that is no JSON', () => {
    const { stream, now } = streamUnderTest();
    const heard: unknown[] = [];
    stream.on('payment', (event) => heard.push(event));
    now().send('payment', '<html>');
    expect(heard).toEqual([]);
  });

  it('leaves a broken connection to EventSource, which reconnects', () => {
    const { now, sources, said } = streamUnderTest();
    now().send('open');
    now().readyState = 0;
    now().send('error');
    expect(sources).toHaveLength(1);
    expect(said).toEqual(['live', 'cut']);
  });

  it('connects anew behind the last event when it was refused, and has what was missed read', () => {
    const { now, said, passTime } = streamUnderTest();
    now().send('open');
    now().send('payment', '{}', 'c_42');
    now().refuse();
    passTime();
    now().send('open');
    expect(now().url).toBe('/v1/stream?after=c_42');
    expect(said).toEqual(['live', 'cut', 'live', 'resumed']);
  });

  it('waits longer after each refusal, at most half a minute', () => {
    const { now, pauses, passTime } = streamUnderTest();
    for (let refusals = 0; refusals < 7; refusals += 1) {
      now().refuse();
      passTime();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('does not come back once it was stopped', () => {
    const { stream, now, isDue } = streamUnderTest();
    now().refuse();
    stream.stop();
    expect(isDue()).toBe(false);
    expect(now().closed).toBe(true);
  });
});
