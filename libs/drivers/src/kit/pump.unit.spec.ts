import { BrokenInvariant } from '@kkm/core';
import type { TerminalAnswer, TerminalRequest, Timers, Transport } from '@kkm/core';
import { pump } from './pump';
import type { Session, SessionEffect, SessionInput } from './session';

const linkTest: TerminalRequest = { kind: 'link-test' };
const notSent: TerminalAnswer = { kind: 'not-sent' };
const bytes = Uint8Array.of(1);

/** A pump over a session that does as `play` says, on a transport that the test holds in its hands. */
function rig(play: (input: SessionInput) => readonly SessionEffect[]) {
  const inputs: SessionInput[] = [];
  const session: Session = {
    handle: (input) => {
      inputs.push(input);
      return play(input);
    },
  };
  const wire = { written: [] as Uint8Array[], open: true, data: (_bytes: Uint8Array): void => undefined, end: (): void => undefined };
  const transport: Transport = {
    write: (sent) => wire.open && wire.written.push(sent) > 0,
    onData: (listener) => (wire.data = listener),
    onClose: (listener) => (wire.end = listener),
    close: () => wire.end(),
  };
  const alarms = new Set<() => void>();
  const timers: Timers = {
    set: (_ms, fire) => {
      alarms.add(fire);
      return () => alarms.delete(fire);
    },
  };
  const logged: string[] = [];
  const conversation = pump({ transport, session, timers, log: ({ message }) => logged.push(message) });
  return { conversation, inputs, wire, alarms, logged };
}

const hooks = (changes: object = {}) => ({
  mayStillSend: () => true,
  onSent: () => undefined,
  onHeartbeat: () => undefined,
  store: () => Promise.resolve(),
  ...changes,
});
const send: SessionEffect = { kind: 'send', bytes, financial: true };

describe('pump', () => {
  it('asks directly before financial bytes, tells that they left, and asks for no others', async () => {
    const order: string[] = [];
    const { conversation, wire } = rig((input) => (input.kind === 'request' ? [{ ...send, financial: false }, send, { kind: 'answer', answer: notSent }] : []));
    await conversation.run(linkTest, hooks({ mayStillSend: () => order.push('asked') > 0, onSent: () => order.push(`sent ${wire.written.length}`) }));
    expect(order).toEqual(['asked', 'sent 2']);
  });

  it('tells the session when bytes were withheld, by the asker or by the link', async () => {
    for (const [changes, open] of [
      [{ mayStillSend: () => false }, true],
      [{}, false],
    ] as const) {
      let left = false;
      const { conversation, wire, inputs } = rig((input) => (input.kind === 'request' ? [send] : [{ kind: 'answer', answer: notSent }]));
      wire.open = open;
      expect(await conversation.run(linkTest, hooks({ ...changes, onSent: () => (left = true) }))).toBe(notSent);
      expect([inputs.map(({ kind }) => kind), left, wire.written]).toEqual([['request', 'withheld'], false, []]);
    }
  });

  it('runs one request at a time', () => {
    const { conversation } = rig(() => []);
    void conversation.run(linkTest, hooks());
    expect(() => conversation.run(linkTest, hooks())).toThrow(BrokenInvariant);
  });

  it('answers "not sent" when the link has gone', async () => {
    const { conversation, wire, inputs } = rig(() => []);
    wire.end();
    await conversation.closed;
    expect(await conversation.run(linkTest, hooks())).toEqual(notSent);
    expect(inputs.map(({ kind }) => kind)).toEqual(['closed']);
  });

  it('tells the session whether the answer became durable, and logs why not', async () => {
    for (const [store, kind, lines] of [
      [() => Promise.resolve(), 'stored', 0],
      [() => Promise.reject(new Error('disk full')), 'store-failed', 1],
    ] as const) {
      const { conversation, inputs, logged } = rig((input) =>
        input.kind === 'request' ? [{ kind: 'store', answer: notSent }] : [{ kind: 'answer', answer: notSent }],
      );
      await conversation.run(linkTest, hooks({ store }));
      expect([inputs.map((input) => input.kind), logged.length]).toEqual([['request', kind], lines]);
    }
  });

  it('keeps one timer of a name, fires it once, and drops all with the link', () => {
    const { conversation, inputs, alarms, wire } = rig((input) =>
      input.kind === 'request' ? ['a', 'a', 'b'].map((name) => ({ kind: 'set-timer', name, ms: 5 })) : [],
    );
    void conversation.run(linkTest, hooks());
    expect(alarms.size).toBe(2);
    const [first] = alarms;
    first?.();
    expect(inputs.at(-1)).toEqual({ kind: 'timer', name: 'a' });
    wire.end();
    expect(alarms.size).toBe(1); // The one that fired: the machine forgets it by itself.
  });

  it('passes bytes, aborts and heartbeats on, aborts only while a request runs', async () => {
    let beats = 0;
    const { conversation, inputs, wire } = rig((input) =>
      input.kind === 'bytes' ? [{ kind: 'heartbeat' }] : input.kind === 'abort' ? [{ kind: 'answer', answer: notSent }, { kind: 'close' }] : [],
    );
    conversation.abort();
    wire.data(bytes);
    const running = conversation.run(linkTest, hooks({ onHeartbeat: () => (beats += 1) }));
    wire.data(bytes);
    conversation.abort();
    expect(await running).toBe(notSent);
    await conversation.closed;
    expect([beats, inputs.map(({ kind }) => kind)]).toEqual([1, ['bytes', 'request', 'bytes', 'abort', 'closed']]);
  });
});
