import type { CommandRecord, CommandStore } from '../kkmserver/command-store';

/** A store under test. */
export interface CommandStoreOnTrial {
  readonly store: CommandStore;
  nowMs(): number;
  /** Lets time pass, or makes everything stored so much older. */
  pass(ms: number): Promise<void>;
}

let made = 0;

/** A command as it is taken: a payment of 150.00 at the terminal of a register, each with an id of its own. */
export function sampleRecord(nowMs: number, more: Partial<CommandRecord> = {}): CommandRecord {
  made += 1;
  const id = `cmd_${String(made).padStart(26, '0')}`;
  return {
    id,
    siteId: 'club-1',
    idCommand: `id-${made}`,
    fingerprint: 'f',
    command: {
      name: 'PayByPaymentCard',
      idCommand: `id-${made}`,
      unit: { numDevice: 1, innKkm: null, kktNumber: null, idDevice: null },
      cashier: { name: 'Анна', vatin: null },
      wish: { kind: 'PayByPaymentCard', amount: 15_000, receiptNumber: null },
    },
    registerId: `desk-${made}`,
    terminalId: 'pax-1',
    unit: { numDevice: 1, unitName: 'Касса' },
    receiptNumber: null,
    acquiring: 'charge',
    chargeAmount: 15_000,
    stage: 'taken',
    paymentId: null,
    returnAttemptId: null,
    answer: null,
    follows: false,
    refusals: 0,
    tries: 0,
    lastError: null,
    dueAtMs: nowMs,
    takenAtMs: nowMs,
    changedAtMs: nowMs,
    version: 1,
    ...more,
  };
}

/** What every store of commands must do; the adapter and the fake pass the same suite. */
export function commandStoreConformance(trialNow: () => CommandStoreOnTrial): void {
  let trial: CommandStoreOnTrial;
  let store: CommandStore;
  const taken = async (more: Partial<CommandRecord> = {}): Promise<CommandRecord> => {
    const record = sampleRecord(trial.nowMs(), more);
    expect(await store.take(record)).toEqual({ kind: 'taken', record });
    return record;
  };
  const after = (record: CommandRecord, change: Partial<CommandRecord>): CommandRecord => ({ ...record, ...change, version: record.version + 1 });
  const kindOf = async (record: CommandRecord): Promise<string> => (await store.take(record)).kind;
  beforeEach(() => {
    trial = trialNow();
    ({ store } = trial);
  });

  describe('taking', () => {
    it('keeps a command as it was taken, whatever it holds', async () => {
      const answer = { status: 0, error: '', message: null, warning: 'w', numDevice: 3, unitName: 'Касса', payload: { Slip: '1\r\n2', Amount: 1.02 } } as const;
      const record = await taken({
        answer,
        lastError: 'l',
        receiptNumber: 'r',
        paymentId: 'pay_x',
        returnAttemptId: 'att_x',
        follows: true,
        refusals: 2,
        tries: 3,
      });
      expect(await store.byId(record.id)).toEqual(record);
      expect(await store.byIdCommand('club-1', record.idCommand)).toEqual(record);
      expect(await store.byId('cmd_none')).toBeNull();
    });

    it('knows a command by its id for ever, at its site alone', async () => {
      const first = await taken();
      expect(await store.save(after(first, { stage: 'done' }))).toBe(true);
      await trial.pass(400 * 86_400_000);
      expect(await store.take(sampleRecord(trial.nowMs(), { idCommand: first.idCommand }))).toMatchObject({ kind: 'known', record: { id: first.id } });
      expect(await kindOf(sampleRecord(trial.nowMs(), { idCommand: first.idCommand, siteId: 'club-2' }))).toBe('taken');
    });

    it('stores one of any number that come at once under one id', async () => {
      const records = Array.from({ length: 8 }, () => sampleRecord(trial.nowMs(), { idCommand: 'at once', registerId: 'desk-same' }));
      const answers = await Promise.all(records.map((record) => store.take(record)));
      expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
      expect(new Set(answers.map((answer) => ('record' in answer ? answer.record.id : 'unresolved'))).size).toBe(1);
    });
  });

  describe('the same bill under another id', () => {
    it('is refused by its receipt number for as long as the first is not done, whatever the amount and however late', async () => {
      const bill = { registerId: 'desk-a', receiptNumber: '17' };
      const first = await taken(bill);
      await trial.pass(1_200_000);
      expect(await store.take(sampleRecord(trial.nowMs(), { ...bill, chargeAmount: 1 }))).toMatchObject({ kind: 'unresolved', by: { id: first.id } });
      expect(await kindOf(sampleRecord(trial.nowMs(), { ...bill, receiptNumber: '18' }))).toBe('taken');
      expect(await kindOf(sampleRecord(trial.nowMs(), { ...bill, registerId: 'desk-b' }))).toBe('taken');
      expect(await kindOf(sampleRecord(trial.nowMs(), { ...bill, siteId: 'club-2' }))).toBe('taken');
      await store.save(after(first, { stage: 'receipting' }));
      expect(await kindOf(sampleRecord(trial.nowMs(), bill))).toBe('unresolved');
      await store.save(after(after(first, {}), { stage: 'done' }));
      expect(await kindOf(sampleRecord(trial.nowMs(), bill))).toBe('taken');
    });

    it('is refused by its amount for 120 s where it has no number', async () => {
      const first = await taken({ registerId: 'desk-c' });
      expect(await store.take(sampleRecord(trial.nowMs(), { registerId: 'desk-c' }))).toEqual({ kind: 'unresolved', by: first });
      expect(await kindOf(sampleRecord(trial.nowMs(), { registerId: 'desk-c', chargeAmount: 14_999 }))).toBe('taken');
      await trial.pass(115_000);
      expect(await kindOf(sampleRecord(trial.nowMs(), { registerId: 'desk-c' }))).toBe('unresolved');
      await trial.pass(5_000);
      expect(await kindOf(sampleRecord(trial.nowMs(), { registerId: 'desk-c' }))).toBe('taken');
    });

    it('is known by its terminal where no register is named', async () => {
      await taken({ registerId: null, terminalId: 'pax-7' });
      expect(await kindOf(sampleRecord(trial.nowMs(), { registerId: null, terminalId: 'pax-7' }))).toBe('unresolved');
      expect(await kindOf(sampleRecord(trial.nowMs(), { registerId: null, terminalId: 'pax-8' }))).toBe('taken');
    });

    it('is no matter of commands that charge nothing', async () => {
      const bill = { registerId: 'desk-d', receiptNumber: '1' };
      await taken({ ...bill, acquiring: 'return', chargeAmount: null });
      await taken({ ...bill, acquiring: null, chargeAmount: null });
      await taken(bill);
      expect(await kindOf(sampleRecord(trial.nowMs(), { ...bill, acquiring: 'return', chargeAmount: null }))).toBe('taken');
    });

    it('lets one of any number through that come at once', async () => {
      const records = Array.from({ length: 8 }, () => sampleRecord(trial.nowMs(), { registerId: 'desk-e' }));
      const kinds = await Promise.all(records.map(kindOf));
      expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'unresolved')).toHaveLength(7);
    });
  });

  describe('writing', () => {
    it('lets one of two who read the same win', async () => {
      const record = await taken();
      const next = after(record, { stage: 'charging', paymentId: 'pay_1' });
      expect([await store.save(next), await store.save(after(record, { stage: 'done' }))]).toEqual([true, false]);
      expect(await store.byId(record.id)).toEqual(next);
      expect(await store.save(after(next, { stage: 'done' }))).toBe(true);
    });

    it('finds the command that charged a payment, not those that give it back', async () => {
      const paymentId = `pay_${trial.nowMs()}_a`;
      const sale = await taken({ paymentId });
      await taken({ acquiring: 'return', chargeAmount: null, paymentId });
      expect(await store.byPayment(paymentId)).toEqual(sale);
      expect(await store.byPayment('pay_none')).toBeNull();
    });

    it('finds the newest charge of a receipt, and of a terminal', async () => {
      const at = { registerId: 'desk-f', terminalId: 'pax-f', receiptNumber: '5' };
      const first = await taken({ ...at, paymentId: `pay_${trial.nowMs()}_1`, stage: 'done' });
      expect(await store.byReceipt({ siteId: 'club-1', registerId: 'desk-f', receiptNumber: '5' })).toEqual(first);
      const second = await taken({ ...at, paymentId: `pay_${trial.nowMs()}_2`, stage: 'done' });
      const third = await taken({ ...at, stage: 'charging' });
      await taken({ ...at, acquiring: 'return', chargeAmount: null, paymentId: `pay_${trial.nowMs()}_1` });
      expect(await store.byReceipt({ siteId: 'club-1', registerId: 'desk-f', receiptNumber: '5' })).toEqual(second);
      expect(await store.newestCharge('club-1', 'pax-f')).toEqual(third);
      expect(await store.newestCharge('club-2', 'pax-f')).toBeNull();
      expect(await store.byReceipt({ siteId: 'club-1', registerId: 'desk-f', receiptNumber: '6' })).toBeNull();
    });
  });

  describe('driving', () => {
    it('is one driver’s until the lease lapses or is given back', async () => {
      const { id } = await taken();
      expect([await store.lease(id, 'a', 1_000), await store.lease(id, 'b', 1_000), await store.lease(id, 'a', 1_000)]).toEqual([true, false, true]);
      await store.release(id, 'b');
      expect(await store.lease(id, 'b', 1_000)).toBe(false);
      await store.release(id, 'a');
      expect(await store.lease(id, 'b', 1_000)).toBe(true);
      await trial.pass(1_001);
      expect(await store.lease(id, 'a', 1_000)).toBe(true);
      expect(await store.lease('cmd_none', 'a', 1_000)).toBe(false);
    });

    it('is given to one of any number that ask at once', async () => {
      const { id } = await taken();
      const given = await Promise.all(['a', 'b', 'c', 'd'].map((driver) => store.lease(id, driver, 1_000)));
      expect(given.filter(Boolean)).toHaveLength(1);
    });

    it('finds what nobody drives, oldest first, once it is due', async () => {
      const mine = { siteId: `club-${trial.nowMs()}` };
      const found = async (): Promise<readonly string[]> => (await store.abandoned(1_000)).filter(({ siteId }) => siteId === mine.siteId).map(({ id }) => id);
      const first = await taken(mine);
      const second = await taken(mine);
      await taken({ ...mine, stage: 'done' });
      const later = await taken({ ...mine, dueAtMs: trial.nowMs() + 5_000 });
      expect(await found()).toEqual([first.id, second.id]);
      await store.lease(first.id, 'a', 10_000);
      expect(await found()).toEqual([second.id]);
      await trial.pass(5_001);
      expect(await found()).toEqual([second.id, later.id]);
      await trial.pass(5_001);
      expect(await found()).toEqual([first.id, second.id, later.id]);
      expect(await store.abandoned(1)).toHaveLength(1);
    });

    it('shows what waits for a receipt, by site and page', async () => {
      const [here, there] = [`a-${trial.nowMs()}`, `b-${trial.nowMs()}`];
      const receipting = await taken({ siteId: here, stage: 'receipting' });
      const givingBack = await taken({ siteId: there, stage: 'giving_back' });
      await taken({ siteId: here, stage: 'charging' });
      await taken({ siteId: here, stage: 'done' });
      const ids = async (siteIds: readonly string[], limit = 10, afterId: string | null = null): Promise<readonly string[]> =>
        (await store.outstanding({ siteIds, limit, afterId })).map(({ id }) => id);
      expect(await ids([here])).toEqual([receipting.id]);
      expect(await ids([here, there])).toEqual([receipting.id, givingBack.id]);
      expect(await ids([here, there], 1)).toEqual([receipting.id]);
      expect(await ids([here, there], 1, receipting.id)).toEqual([givingBack.id]);
      expect((await store.outstanding({ siteIds: null, limit: 1_000, afterId: null })).map(({ id }) => id)).toEqual(
        expect.arrayContaining([receipting.id, givingBack.id]),
      );
    });
  });
}
