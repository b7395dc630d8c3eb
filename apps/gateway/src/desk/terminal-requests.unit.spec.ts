import { Rejected } from '@kkm/core';
import type { KeptRequest } from '@kkm/core';
import type { TerminalAsk } from '@kkm/flow/gateway';
import { deskTerminalRequests } from './terminal-requests';

describe('what commands ask of terminals', () => {
  const asked: TerminalAsk[] = [];
  let ended: Partial<KeptRequest> | Rejected = {};
  const kept: KeptRequest = {
    ...{ id: 'req_1', siteId: 'club-1', terminalId: 'pax-1', kind: 'settle', detailed: false, state: 'done', reason: null, text: 'СВЕРКА ИТОГОВ', link: null },
    ...{ problem: null, isDraft: false, askedBy: 'KkmServer', askedAt: '', expiresAt: '', takenAt: null, answeredAt: null },
  };
  const run = (ask: TerminalAsk): Promise<KeptRequest> => {
    asked.push(ask);
    return ended instanceof Rejected ? Promise.reject(ended) : Promise.resolve({ ...kept, ...ended });
  };
  const terminals = ['pax-1', 'pax-2', 'pax-3'].map((terminalId) => ({ terminalId, name: `Терминал ${terminalId}`, enabled: terminalId !== 'pax-3' }));
  const desk = deskTerminalRequests({ run }, () => Promise.resolve(terminals));
  const settle = () => desk.settle({ siteId: 'club-1', terminalId: 'pax-1', key: 'cmd_1' });
  beforeEach(() => {
    asked.length = 0;
    ended = {};
  });

  it('is answered with what the terminal printed', async () => {
    expect(await settle()).toEqual({ state: 'done', slip: 'СВЕРКА ИТОГОВ', reason: null });
    await desk.report({ siteId: 'club-1', terminalId: 'pax-1', detailed: true, key: 'cmd_2' });
    expect(asked).toMatchObject([
      { kind: 'settle', key: 'cmd_1' },
      { kind: 'report', detailed: true, key: 'cmd_2' },
    ]);
  });

  it.each(['failed', 'unknown'] as const)('is told as %s, which is no success and no other end', async (state) => {
    ended = { state, reason: 'terminal_unreachable', text: 'no' };
    expect(await settle()).toEqual({ state, slip: null, reason: 'terminal_unreachable' });
  });

  it.each(['asked', 'running'] as const)('is driven on later while it is %s', async (state) => {
    ended = { state };
    await expect(settle()).rejects.toMatchObject({ code: 'terminal.silent' });
  });

  it.each(['terminal.in_doubt', 'equipment.terminal_busy'] as const)('is refused for %s, and for nothing else', async (code) => {
    ended = new Rejected(code);
    expect(await settle()).toEqual({ state: 'failed', slip: null, reason: 'terminal_busy' });
    ended = new Rejected('idempotency.key_reused');
    await expect(settle()).rejects.toMatchObject({ code: 'idempotency.key_reused' });
  });

  it('settles the terminals of a site that are switched on, each under a key of its own, and tells which did not', async () => {
    expect(await desk.settleSite({ siteId: 'club-1', key: 'cmd_3' })).toEqual([]);
    expect(asked.map(({ terminalId, key }) => [terminalId, key])).toEqual([
      ['pax-1', 'cmd_3/pax-1'],
      ['pax-2', 'cmd_3/pax-2'],
    ]);
    ended = { state: 'failed', reason: 'terminal_unreachable' };
    expect(await desk.settleSite({ siteId: 'club-1', key: 'cmd_4' })).toEqual(['Терминал pax-1: Терминал недоступен.', 'Терминал pax-2: Терминал недоступен.']);
    ended = { state: 'unknown', reason: 'unrecognised' };
    const [first] = await desk.settleSite({ siteId: 'club-1', key: 'cmd_5' });
    expect(first).toMatch(/неизвестно/);
  });
});
