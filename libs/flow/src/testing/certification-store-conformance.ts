import { newId } from '@kkm/core';
import { beginCertification } from '../gateway/certification/certification-record';
import type { CertificationRecord } from '../gateway/certification/certification-record';
import type { CertificationStore } from '../gateway/certification/certification-store';

const startMs = 1_795_000_000_000;

/** What every store of certifications must do. `open` gives one that may hold other tests' rows; sites are new for each test. */
export function certificationStoreConformance(open: () => CertificationStore): void {
  let store: CertificationStore;
  let siteId = '';
  let made = 0;
  beforeEach(() => {
    store = open();
    siteId = `club-of-certifications-${(made += 1)}`;
  });

  const plan = { payments: 2, methods: ['card'], link: 'lan', amount: 100, currency: 'RUB', cablePull: false, restart: true } as const;
  const begun = (terminalId = 'pax-1'): CertificationRecord =>
    beginCertification({ id: newId('crt', startMs + (made += 1), (bytes) => new Uint8Array(bytes)), siteId, terminalId, plan, askedBy: 'Anna' }, startMs);
  const due = async (nowMs: number): Promise<readonly string[]> => {
    const taken = await store.takeDue({ nowMs, untilMs: nowMs + 20_000, limit: 1_000 });
    return taken.filter((record) => record.siteId === siteId).map(({ id }) => id);
  };

  it('gives back what was begun, and knows no other', async () => {
    const record = begun();
    expect(await store.add(record)).toBe(true);
    expect([await store.find(record.id), await store.find('crt_nobody')]).toEqual([record, null]);
  });

  it('runs one at a time on a terminal, of sixteen begun at once', async () => {
    const added = await Promise.all(Array.from({ length: 16 }, () => store.add(begun())));
    expect(added.filter((one) => one)).toHaveLength(1);
    expect(await store.add(begun('pax-2'))).toBe(true);
    const [running] = await store.list({ siteId, terminalId: 'pax-1', beforeId: null, limit: 10 });
    expect(await store.save({ ...running!, state: 'stopped' }, null)).toBe(true);
    expect(await store.add(begun())).toBe(true);
  });

  it('writes what was decided on the newest version, and nothing else', async () => {
    const record = begun();
    await store.add(record);
    const saved = await Promise.all(Array.from({ length: 8 }, (_, n) => store.save({ ...record, refusal: `refusal-${n}` }, null)));
    expect(saved.filter((one) => one)).toHaveLength(1);
    expect(await store.find(record.id)).toMatchObject({ refusal: `refusal-${saved.indexOf(true)}`, version: 2 });
  });

  it('hands out what is due once, and again when whoever took it is not heard of', async () => {
    const record = begun();
    await store.add(record);
    expect(await due(startMs - 1)).toEqual([]);
    const taken = await Promise.all(Array.from({ length: 8 }, () => due(startMs)));
    expect(taken.flat()).toEqual([record.id]);
    expect([await due(startMs + 19_999), await due(startMs + 20_000)]).toEqual([[], [record.id]]);
    await store.save(record, startMs + 30_000);
    expect([await due(startMs + 29_999), await due(startMs + 30_000)]).toEqual([[], [record.id]]);
    await store.save({ ...record, version: 2 }, null);
    expect(await due(startMs + 9_000_000)).toEqual([]);
    await store.save({ ...record, version: 3, state: 'done' }, startMs);
    expect(await due(startMs + 9_000_000)).toEqual([]);
  });

  it('lists a terminal’s, newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const record = begun();
      await store.add(record);
      await store.save({ ...record, state: 'done' }, null);
      ids.unshift(record.id);
    }
    await store.add(begun('pax-2'));
    const list = async (beforeId: string | null, limit = 10) => (await store.list({ siteId, terminalId: 'pax-1', beforeId, limit })).map(({ id }) => id);
    expect([await list(null), await list(null, 2), await list(ids[0] ?? '')]).toEqual([ids, ids.slice(0, 2), ids.slice(1)]);
  });
}
