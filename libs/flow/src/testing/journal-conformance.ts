import type { PaymentCommand } from '@kkm/core';
import { rrnsKeptMax, type Journal, type JournalEntry } from '../worker/ports';

/** A journal under test: opened anew by `reopen`, as a process does after a restart. */
export interface JournalOnTrial {
  readonly journal: Journal;
  reopen(): Promise<Journal>;
}

const command = (attemptId: string): PaymentCommand => ({
  attemptId,
  paymentId: `pay-${attemptId}`,
  siteId: 'club-1',
  terminalId: 'pax-1',
  operation: 'sale',
  method: 'card',
  amount: 15_000,
  currency: 'RUB',
  expiresAt: '2026-11-23T12:00:00.000Z',
  original: null,
});
const begun = (attemptId: string, asks = 1): JournalEntry => ({
  state: 'begun',
  command: command(attemptId),
  nonce: 'nonce-1',
  asks,
  readFailures: asks - 1,
  askedAtMs: 1_795_444_000_000,
});

/** What every journal must do; the adapter and the fake pass the same suite. `open` gives an empty one. */
export function journalConformance(open: () => Promise<JournalOnTrial>): void {
  let trial: JournalOnTrial;
  beforeEach(async () => {
    trial = await open();
  });

  it('knows nothing at first', () => {
    expect([trial.journal.find('att-1'), trial.journal.all(), trial.journal.isTaken('pax-1', '1')]).toEqual([null, [], false]);
  });

  it('finds what was written, also after a restart', async () => {
    await trial.journal.write(begun('att-1'));
    expect(trial.journal.find('att-1')).toEqual(begun('att-1'));
    const reopened = await trial.reopen();
    expect([reopened.find('att-1'), reopened.all()]).toEqual([begun('att-1'), [begun('att-1')]]);
  });

  it('keeps the latest entry of an attempt', async () => {
    await trial.journal.write(begun('att-1'));
    await trial.journal.write(begun('att-1', 2));
    expect((await trial.reopen()).all()).toEqual([begun('att-1', 2)]);
  });

  it('keeps the order of writes that are made at once', async () => {
    const asks = [1, 2, 3, 4, 5, 6, 7];
    await Promise.all(asks.map((ask) => trial.journal.write(begun('att-1', ask))));
    expect(trial.journal.find('att-1')).toEqual(begun('att-1', 7));
    expect((await trial.reopen()).find('att-1')).toEqual(begun('att-1', 7));
  });

  it('forgets what is finished and keeps the rest', async () => {
    await Promise.all(['att-1', 'att-2', 'att-3'].map((attemptId) => trial.journal.write(begun(attemptId))));
    await trial.journal.finish('att-2', null);
    expect(trial.journal.find('att-2')).toBeNull();
    expect((await trial.reopen()).all().map((entry) => entry.command.attemptId)).toEqual(['att-1', 'att-3']);
  });

  it('knows the workers whose journal it was, newest first, and not the present one', async () => {
    expect(trial.journal.predecessors()).toEqual([]);
    await trial.journal.enter('worker-1');
    expect(trial.journal.predecessors()).toEqual([]);
    const second = await trial.reopen();
    await second.enter('worker-2');
    expect(second.predecessors()).toEqual(['worker-1']);
  });

  it('finishes what it never had', async () => {
    await trial.journal.finish('att-9', null);
    expect(trial.journal.all()).toEqual([]);
  });

  it('remembers which RRNs of a terminal are taken, also after a restart', async () => {
    await trial.journal.finish('att-1', { terminalId: 'pax.1-a_b', rrn: '828913349373' });
    const reopened = await trial.reopen();
    for (const journal of [reopened]) {
      expect(journal.isTaken('pax.1-a_b', '828913349373')).toBe(true);
      expect(journal.isTaken('pax-2', '828913349373')).toBe(false);
      expect(journal.isTaken('pax.1-a_b', '828913349374')).toBe(false);
    }
  });

  it('remembers only the newest RRNs of a terminal', async () => {
    for (let i = 0; i <= rrnsKeptMax; i += 1) await trial.journal.finish('att-1', { terminalId: 'pax-1', rrn: String(i) });
    const reopened = await trial.reopen();
    await reopened.finish('att-1', { terminalId: 'pax-1', rrn: 'one more' });
    expect(['0', '1', '2', 'one more'].map((rrn) => reopened.isTaken('pax-1', rrn))).toEqual([false, false, true, true]);
  });
}
