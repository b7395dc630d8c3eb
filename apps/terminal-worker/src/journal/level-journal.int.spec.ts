import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '@kkm/core';
import type { JournalEntry } from '@kkm/flow/worker';
import { journalConformance, someCommand, VirtualClock } from '@kkm/flow/testing';
import { takeJournalSlot } from './journal-slot';
import { LevelJournal } from './level-journal';

const clock = new VirtualClock();
const begun = (attemptId: string): JournalEntry => ({
  state: 'begun',
  command: someCommand(clock, attemptId),
  nonce: 'nonce-1',
  asks: 1,
  readFailures: 0,
  askedAtMs: 0,
});

let folder: string;
const opened: LevelJournal[] = [];
const open = async (path: string): Promise<LevelJournal> => {
  const journal = await LevelJournal.open(path);
  opened.push(journal);
  return journal;
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kkm-journal-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('the journal on LevelDB, as every journal', () => {
  journalConformance(async () => {
    let journal = await open(join(folder, 'one'));
    return {
      journal,
      reopen: async () => {
        await journal.close();
        journal = await open(join(folder, 'one'));
        return journal;
      },
    };
  });
});

describe('the journal on LevelDB', () => {
  it('writes what comes while the disk is busy in one batch', async () => {
    const batches: boolean[] = [];
    const journal = await LevelJournal.open(join(folder, 'one'), { written: (_ms, synced) => void batches.push(synced) });
    opened.push(journal);
    await Promise.all(Array.from({ length: 64 }, (_, i) => journal.write(begun(`att-${i}`))));
    expect(batches.length).toBeLessThanOrEqual(2);
    expect(batches.every(Boolean)).toBe(true);
    await journal.finish('att-0', null);
    expect(batches.at(-1)).toBe(false);
  });

  it('says that it cannot be written when it cannot', async () => {
    const journal = await open(join(folder, 'one'));
    await journal.close();
    await expect(journal.write(begun('att-1'))).rejects.toThrow(Unavailable);
    expect(journal.find('att-1')).toBeNull();
  });
});

describe('the slots of a journal folder', () => {
  it('gives every process a slot of its own', async () => {
    const first = await takeJournalSlot(folder);
    const second = await takeJournalSlot(folder);
    opened.push(first.journal, second.journal);
    expect([first.folder, second.folder]).toEqual([join(folder, 'slot-0'), join(folder, 'slot-1')]);
  });

  it('adopts what dead processes left, in its own slot and in others, and leaves those of the living', async () => {
    const living = await takeJournalSlot(folder);
    const second = await takeJournalSlot(folder);
    const third = await takeJournalSlot(folder);
    opened.push(living.journal);
    await living.journal.write(begun('att-of-the-living'));
    await second.journal.write(begun('att-2'));
    await third.journal.write(begun('att-3'));
    await third.journal.finish('att-4', { terminalId: 'pax-1', rrn: '77' });
    await second.journal.close();
    await third.journal.close();

    const next = await takeJournalSlot(folder);
    opened.push(next.journal);
    expect([next.folder, next.adopted]).toEqual([join(folder, 'slot-1'), 2]);
    expect(next.journal.all().map(({ command }) => command.attemptId)).toEqual(['att-2', 'att-3']);
    expect(next.journal.isTaken('pax-1', '77')).toBe(true);
    const after = await open(join(folder, 'slot-2'));
    expect(after.all()).toEqual([]);
  });

  it('finds what a process wrote that was killed, and gets its slot', async () => {
    await mkdir(join(folder, 'slot-0'), { recursive: true });
    const script = `
      const { ClassicLevel } = require('classic-level');
      (async () => {
        const db = new ClassicLevel(process.argv[1]);
        await db.open();
        await db.batch([{ type: 'put', key: 'attempt/att-1', value: process.argv[2] }], { sync: true });
        console.log('written');
        setInterval(() => {}, 1000);
      })();`;
    const child = spawn(process.execPath, ['-e', script, join(folder, 'slot-0'), JSON.stringify(begun('att-1'))], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const other = await takeJournalSlot(folder);
    opened.push(other.journal);
    expect(other.folder).toBe(join(folder, 'slot-1'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await takeJournalSlot(folder);
    opened.push(next.journal);
    expect([next.folder, next.journal.find('att-1')]).toEqual([join(folder, 'slot-0'), begun('att-1')]);
  });
});
