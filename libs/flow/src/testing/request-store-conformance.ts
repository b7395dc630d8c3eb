import { newId, newTerminal } from '@kkm/core';
import type { KeptRequest, LinkDraft, RequestAnswer } from '@kkm/core';
import type { NewRequest, RequestStore } from '../gateway/request-store';

const startMs = 1_795_000_000_000;
const draft: LinkDraft = { driver: 'inpas-sa', transport: { kind: 'tcp', mode: 'connect', host: '10.0.0.9', port: 5000 }, profile: { abort: 'none' } };
const done: RequestAnswer = { state: 'done', reason: null, text: 'СВЕРКА ИТОГОВ\nВСЕГО ОПЕРАЦИЙ: 2', link: null };

/** What every store of requests to terminals must do. `open` gives one that may hold other tests' rows; sites are new for each test. */
export function requestStoreConformance(open: () => RequestStore): void {
  let store: RequestStore;
  let site = '';
  let made = 0;
  beforeEach(() => {
    store = open();
    made += 1;
    site = `club-of-requests-${made}`;
  });

  const ask = async (wanted: Partial<NewRequest> = {}): Promise<string> => {
    made += 1;
    const id = newId('req', startMs + made, (bytes) => new Uint8Array(bytes));
    const times = { askedAtMs: startMs, expiresAtMs: startMs + 50_000 };
    const request = {
      id,
      siteId: site,
      terminalId: 'pax-1',
      kind: 'settle',
      detailed: false,
      key: null,
      draft: null,
      askedBy: 'the manager',
      ...times,
      ...wanted,
    } as const;
    expect(await store.add(request)).toBe(true);
    return id;
  };
  const named = (requestId: string, nonce = 'nonce-1') => ({ requestId, siteId: site, terminalId: 'pax-1', nonce });
  const stateOf = async (id: string): Promise<string> => String((await store.find(id))?.state);

  it('gives back what was asked', async () => {
    const id = await ask({ kind: 'report', detailed: true });
    const asked: KeptRequest = {
      ...{
        id,
        siteId: site,
        terminalId: 'pax-1',
        kind: 'report',
        detailed: true,
        state: 'asked',
        reason: null,
        text: null,
        link: null,
        problem: null,
        isDraft: false,
        askedBy: 'the manager',
      },
      ...{ askedAt: new Date(startMs).toISOString(), expiresAt: new Date(startMs + 50_000).toISOString(), takenAt: null, answeredAt: null },
    };
    expect(await store.find(id)).toEqual(asked);
    expect(await store.find('req_nobody')).toBeNull();
  });

  it('stores one request of a key', async () => {
    const id = await ask({ key: 'k-1' });
    const again = await store.add({
      ...named(''),
      id: `${id}x`,
      kind: 'settle',
      detailed: false,
      key: 'k-1',
      draft: null,
      askedBy: '',
      askedAtMs: 0,
      expiresAtMs: 1,
    });
    expect([again, (await store.byKey(site, 'k-1'))?.kept.id, await store.byKey('elsewhere', 'k-1')]).toEqual([false, id, null]);
  });

  it('gives a request to one handling, and to that again', async () => {
    const id = await ask();
    expect((await store.take(named(id), startMs + 10))?.kept).toMatchObject({ id, state: 'running', takenAt: new Date(startMs + 10).toISOString() });
    expect((await store.take(named(id), startMs + 99_000))?.kept).toMatchObject({ id, takenAt: new Date(startMs + 10).toISOString() });
    expect(await store.take(named(id, 'nonce-2'), startMs + 20)).toBeNull();
  });

  it('gives nothing away that is too late, of another terminal, or unknown', async () => {
    const id = await ask();
    expect(await store.take(named(id), startMs + 50_000)).toBeNull();
    expect(await store.take({ ...named(id), terminalId: 'pax-2' }, startMs)).toBeNull();
    expect(await store.take({ ...named(id), siteId: 'elsewhere' }, startMs)).toBeNull();
    expect(await store.take(named('req_nobody'), startMs)).toBeNull();
  });

  it('keeps the first answer of the handling that has it', async () => {
    const id = await ask();
    await store.answer({ ...named(id), answer: done }, startMs);
    expect(await stateOf(id)).toBe('asked');
    await store.take(named(id), startMs);
    await store.answer({ ...named(id, 'nonce-2'), answer: { ...done, state: 'failed' } }, startMs + 1);
    expect(await stateOf(id)).toBe('running');
    const link = { tookMs: 12, bankTerminalId: '00266286', serialNumber: null, terminalTime: null, host: 'reached' } as const;
    await store.answer({ ...named(id), answer: { ...done, link } }, startMs + 2);
    await store.answer({ ...named(id), answer: { ...done, state: 'unknown', text: 'later' } }, startMs + 3);
    expect(await store.find(id)).toMatchObject({ ...done, link, answeredAt: new Date(startMs + 2).toISOString() });
    expect(await store.take(named(id), startMs + 4)).toBeNull();
  });

  it('ends what is overdue, and calls no settlement failed that a worker had', async () => {
    const [untaken, settling, printing, fresh] = [await ask(), await ask(), await ask({ kind: 'report' }), await ask({ expiresAtMs: startMs + 90_000 })];
    await store.take(named(settling), startMs);
    await store.take(named(printing), startMs);
    await store.lapse({ nowMs: startMs + 49_999, takenUntilMs: startMs - 1 });
    expect([await stateOf(untaken), await stateOf(settling), await stateOf(printing)]).toEqual(['asked', 'running', 'running']);
    await store.lapse({ nowMs: startMs + 50_000, takenUntilMs: startMs });
    expect([await stateOf(untaken), await stateOf(settling), await stateOf(printing), await stateOf(fresh)]).toEqual(['failed', 'unknown', 'failed', 'asked']);
    expect(await store.find(untaken)).toMatchObject({ reason: 'terminal_unreachable', answeredAt: new Date(startMs + 50_000).toISOString() });
  });

  it('gives a draft to workers that test drafts alone, with its settings', async () => {
    const id = await ask({ kind: 'link-test', draft });
    expect(await store.take(named(id), startMs)).toBeNull();
    expect(await store.take({ ...named(id), drafts: true }, startMs)).toMatchObject({ draft, kept: { isDraft: true, state: 'running' } });
    await store.answer({ ...named(id), answer: { ...done, state: 'failed', reason: 'terminal_fault', problem: 'settings_refused' } }, startMs);
    expect(await store.find(id)).toMatchObject({ problem: 'settings_refused', isDraft: true });
  });

  it('names the tests of new terminals that nobody has taken, to their site', async () => {
    const first = await ask({ kind: 'link-test', terminalId: newTerminal, draft });
    const second = await ask({ kind: 'link-test', terminalId: newTerminal, draft });
    await ask({ kind: 'link-test', draft });
    expect(await store.newTerminals(site, startMs, 10)).toEqual([first, second]);
    expect([await store.newTerminals(site, startMs, 1), await store.newTerminals('elsewhere', startMs, 10)]).toEqual([[first], []]);
    await store.take({ ...named(first), terminalId: newTerminal, drafts: true }, startMs);
    expect(await store.newTerminals(site, startMs, 10)).toEqual([second]);
    expect(await store.newTerminals(site, startMs + 50_000, 10)).toEqual([]);
    await store.lapse({ nowMs: startMs + 50_000, takenUntilMs: startMs });
    expect([(await store.find(first))?.problem, (await store.find(second))?.problem]).toEqual(['no_worker', 'no_worker']);
  });

  it('lists newest first, by kind and page', async () => {
    const [one, two, three] = [await ask(), await ask({ kind: 'report' }), await ask()];
    await ask({ terminalId: 'pax-2' });
    const filter = { siteId: site, terminalId: 'pax-1', kind: null, beforeId: null, limit: 10 };
    const ids = async (wanted: object): Promise<string[]> => (await store.list({ ...filter, ...wanted })).map(({ id }) => id);
    expect(await ids({})).toEqual([three, two, one]);
    expect([await ids({ kind: 'report' }), await ids({ limit: 1 }), await ids({ beforeId: two })]).toEqual([[two], [three], [one]]);
  });
}
