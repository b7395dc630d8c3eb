import type { AuditEntry } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { Log } from '@kkm/messaging';
import { AuditTrail } from './audit-trail';

const entry = (id: string): AuditEntry => ({
  id,
  at: '2026-01-01T00:00:00Z',
  by: { kind: 'user', id: 'usr_1', name: 'Anna' },
  action: 'changeSite',
  method: 'PATCH',
  path: '/v1/sites/club-1',
  targetId: 'club-1',
  siteId: 'club-1',
  status: 200,
  code: null,
  address: '127.0.0.1',
  requestId: 'r',
});

describe('AuditTrail', () => {
  const logged: unknown[] = [];
  const log = { error: (facts: unknown) => void logged.push(facts) } as unknown as Log;
  const written: string[] = [];
  let fails: Error | null = null;
  let trail: AuditTrail;
  beforeEach(() => {
    [logged.length, written.length, fails] = [0, 0, null];
    const store = ({ id }: AuditEntry): Promise<void> => {
      if (fails) return Promise.reject(fails);
      written.push(id);
      return Promise.resolve();
    };
    trail = new AuditTrail({ store, page: () => Promise.resolve({ entries: [], next: null }) }, log);
  });
  afterEach(() => trail.onModuleDestroy());

  it('writes an entry before the answer goes', async () => {
    await trail.note(entry('a'));
    expect([written, logged]).toEqual([['a'], []]);
  });

  it('logs the whole entry while the database is away, and writes it when that is back, in order', async () => {
    fails = new Unavailable('settings.unavailable');
    await trail.note(entry('a'));
    await trail.note(entry('b'));
    expect(logged).toEqual([expect.objectContaining({ audit: entry('a') }), expect.objectContaining({ audit: entry('b') })]);
    await trail.again();
    expect(written).toEqual([]);
    fails = null;
    await trail.again();
    await trail.again();
    expect(written).toEqual(['a', 'b']);
  });

  it('loses none when a slow database is tried again meanwhile', async () => {
    fails = new Unavailable('settings.unavailable');
    for (const id of ['a', 'b', 'c']) await trail.note(entry(id));
    fails = null;
    await Promise.all([trail.again(), trail.again()]);
    await trail.again();
    expect(written).toEqual(['a', 'b', 'c']);
  });

  it('writes what it kept when the gateway stops', async () => {
    fails = new Unavailable('settings.unavailable');
    await trail.note(entry('a'));
    fails = null;
    await trail.onModuleDestroy();
    expect(written).toEqual(['a']);
  });

  it('keeps only so many; the others are in the log', async () => {
    fails = new Unavailable('settings.unavailable');
    for (let n = 0; n < 1_001; n += 1) await trail.note(entry(`n${n}`));
    fails = null;
    await trail.again();
    expect([written.length, logged.length]).toEqual([1_000, 1_001]);
  });
});
