import { exchanges, exchangeTable, queueTable, terminalQueues } from '@kkm/contracts';
import type { Broker, Delivery, Disposition } from '@kkm/messaging';
import { connectMemoryBroker, MemoryServer, VirtualClock } from '@kkm/messaging/testing';

const queue = 'terminal.club-1.pax-1';
const secondMs = 1_000;

/** Numbers from 0 to below 1 that a seed determines (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Run {
  /** What happened, with the virtual time. */
  readonly history: string[];
  readonly confirmed: string[];
  readonly handled: Set<string>;
}

/** A gateway sends a command every second for a minute to one terminal's queue that two workers share, while links break and the broker restarts at random. */
async function run(seed: number): Promise<Run> {
  const random = seeded(seed);
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock, latencyMs: () => random() * 20 });
  const seen: Run = { history: [], confirmed: [], handled: new Set() };
  const opening = Promise.all(['gateway', 'left', 'right'].map((name) => connectMemoryBroker(server, { name, random })));
  await clock.advance(secondMs);
  const [gateway, ...workers] = (await opening) as [Broker, ...Broker[]];
  const declared = gateway.declare(exchangeTable, [...queueTable, ...terminalQueues('club-1', 'pax-1')]);
  await clock.advance(secondMs);
  await declared;
  for (const [n, worker] of workers.entries()) {
    const handle = async ({ messageId }: Delivery): Promise<Disposition> => {
      seen.history.push(`${clock.nowMs()} ${n} begins ${messageId}`);
      await new Promise<void>((resolve) => {
        clock.after(random() * 300, resolve);
      });
      seen.handled.add(messageId ?? '');
      seen.history.push(`${clock.nowMs()} ${n} ends ${messageId}`);
      return random() < 0.1 ? 'retry' : 'done';
    };
    void worker.consume(queue, { prefetch: 1 }, handle);
  }
  for (let n = 0; n < 60; n += 1) {
    const messageId = `att_${n}`;
    gateway.publish({ exchange: exchanges.commands, routingKey: 'club-1.pax-1', body: { n }, messageId }).then(
      () => seen.confirmed.push(messageId),
      () => seen.history.push(`${clock.nowMs()} failed ${messageId}`),
    );
    if (random() < 0.15) server.cut(random() < 0.5 ? 'left' : 'right');
    if (random() < 0.05) server.cut('gateway');
    if (random() < 0.02) server.restart();
    await clock.advance(secondMs);
  }
  await clock.advance(60 * secondMs);
  return seen;
}

describe('a terminal’s queue on the broker in memory', () => {
  it('repeats a whole run from its seed', async () => {
    const [first, second, other] = [await run(4711), await run(4711), await run(4712)];
    expect(second.history).toEqual(first.history);
    expect(other.history).not.toEqual(first.history);
  });

  it.each(Array.from({ length: 30 }, (_, n) => n + 1))('loses no confirmed command, whatever breaks (seed %d)', async (seed) => {
    const { confirmed, handled } = await run(seed);
    expect(confirmed.length).toBeGreaterThan(40);
    expect(confirmed.filter((id) => !handled.has(id))).toEqual([]);
  });
});
