import { newId } from '@kkm/core';
import type { ControlHint, TerminalStanding } from '@kkm/core';
import { MemoryRequestStore } from '../testing/memory-request-store';
import { requestStoreConformance } from '../testing/request-store-conformance';
import { VirtualClock } from '../testing/worker-clock';
import { requestTimes, TerminalRequests } from './terminal-requests';
import type { TerminalAsk } from './terminal-requests';

describe('requests in memory', () => requestStoreConformance(() => new MemoryRequestStore()));

describe('asking a terminal outside of payments', () => {
  const clock = new VirtualClock();
  const store = new MemoryRequestStore();
  const hints: ControlHint[] = [];
  let standing: Partial<TerminalStanding> = {};
  let made = 0;
  const requests = new TerminalRequests({
    store,
    clock,
    commands: { hint: (_terminal, hint) => hints.push(hint) },
    ledger: {
      standing: ({ terminalId }) => Promise.resolve({ terminalId, occupantAttemptId: null, inDoubt: false, leaseHolder: null, ...standing }),
    },
    newId: (prefix) => newId(prefix, clock.wallMs() + (made += 1), (bytes) => new Uint8Array(bytes)),
  });
  const settle = (more: Partial<TerminalAsk> = {}): TerminalAsk => ({ siteId: 'club-1', terminalId: 'pax-1', kind: 'settle', by: 'desk', waitMs: 0, ...more });
  const handling = () => {
    const hint = hints.at(-1);
    return { requestId: hint?.kind === 'request' ? hint.requestId : '', siteId: 'club-1', terminalId: 'pax-1', nonce: 'nonce-1' };
  };
  const done = { state: 'done', reason: null, text: 'settled', link: null } as const;
  beforeEach(() => {
    standing = {};
    hints.length = 0;
  });

  it('tells the worker, and answers at once where nobody waits', async () => {
    const asked = await requests.run(settle());
    expect(asked).toMatchObject({ state: 'asked', kind: 'settle', detailed: false, askedBy: 'desk' });
    expect(hints).toEqual([{ kind: 'request', siteId: 'club-1', terminalId: 'pax-1', requestId: asked.id }]);
  });

  it('waits for the worker’s answer', async () => {
    const asked = requests.run(settle({ waitMs: 60_000 }));
    await clock.advance(1_000);
    expect(await requests.take(handling())).toEqual({ kind: 'yours', request: { kind: 'settle', detailed: false, draft: null } });
    expect(await requests.take({ ...handling(), nonce: 'nonce-2' })).toEqual({ kind: 'gone' });
    await requests.answered({ ...handling(), answer: done });
    expect(await clock.until(asked)).toMatchObject(done);
  });

  it('says after its time that nobody took it, and gives it to nobody then', async () => {
    const asked = requests.run(settle({ waitMs: 60_000 }));
    expect(await clock.until(asked)).toMatchObject({ state: 'failed', reason: 'terminal_unreachable' });
    expect(await requests.take(handling())).toEqual({ kind: 'gone' });
  });

  it('calls a settlement unknown whose worker was never heard again', async () => {
    const asked = await requests.run(settle());
    await requests.take(handling());
    await clock.advance(requestTimes.answerWithinMs);
    expect(await requests.list({ siteId: 'club-1', terminalId: 'pax-1', kind: 'settle', beforeId: null, limit: 1 })).toMatchObject([
      { id: asked.id, state: 'unknown' },
    ]);
  });

  it('ends the wait of a caller who is gone, not the request', async () => {
    const asked = await clock.until(requests.run(settle({ waitMs: 60_000, gone: AbortSignal.abort() })));
    expect(asked.state).toBe('asked');
    await requests.take(handling());
    await requests.answered({ ...handling(), answer: done });
    expect((await store.find(asked.id))?.state).toBe('done');
  });

  it.each([
    ['terminal.in_doubt', { occupantAttemptId: 'att_1', inDoubt: true }],
    ['equipment.terminal_busy', { occupantAttemptId: 'att_1', inDoubt: false }],
  ])('refuses a settlement with %s while an attempt is unfinished, and nothing else', async (code, now) => {
    standing = now;
    await expect(requests.run(settle())).rejects.toMatchObject({ code });
    expect(hints).toEqual([]);
    expect((await requests.run(settle({ kind: 'report' }))).state).toBe('asked');
    expect((await requests.run(settle({ kind: 'link-test' }))).state).toBe('asked');
  });

  it('asks once under one key, whatever stands at the terminal by then', async () => {
    const first = await requests.run(settle({ key: 'k-1' }));
    standing = { occupantAttemptId: 'att_1', inDoubt: true };
    expect((await requests.run(settle({ key: 'k-1' }))).id).toBe(first.id);
    expect(hints).toHaveLength(1);
    await expect(requests.run(settle({ key: 'k-1', kind: 'report' }))).rejects.toMatchObject({ code: 'idempotency.key_reused' });
    await expect(requests.run(settle({ key: 'k-1', terminalId: 'pax-2' }))).rejects.toMatchObject({ code: 'idempotency.key_reused' });
    const both = await Promise.all([requests.run(settle({ key: 'k-2', kind: 'report' })), requests.run(settle({ key: 'k-2', kind: 'report' }))]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
  });
});
