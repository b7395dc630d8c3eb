import { check, Unavailable } from '@kkm/core';
import { predecessorsKeptMax, rrnsKeptMax } from '@kkm/flow/worker';
import type { Journal, JournalEntry } from '@kkm/flow/worker';
import { ClassicLevel } from 'classic-level';

type Operation = { readonly type: 'put'; readonly key: string; readonly value: string } | { readonly type: 'del'; readonly key: string };

interface Waiting {
  readonly operations: readonly Operation[];
  readonly synced: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Unavailable) => void;
}

const attemptPrefix = 'attempt/';
const rrnPrefix = 'rrn/';
const workersKey = 'workers';

/** What the journal tells to be measured. */
export interface JournalWatch {
  /** A batch went to the disk in `ms`. */
  written(ms: number, synced: boolean): void;
}

/**
 * The journal on LevelDB, with a mirror in memory so that looking needs no disk. Writes that arrive while the disk is busy go down together
 * in the next batch: one `fsync` serves them all. LevelDB's own lock keeps every other process out of the folder.
 */
export class LevelJournal implements Journal {
  private readonly entries = new Map<string, JournalEntry>();
  private readonly rrns = new Map<string, string[]>();
  private rrnSequence = 0;
  /** Newest first; the first is this process's own once it has entered. */
  private workers: readonly string[] = [];
  private earlier: readonly string[] = [];
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | null = null;

  private constructor(
    private readonly database: ClassicLevel,
    private readonly watch: JournalWatch,
  ) {}

  /** Opens the journal in `folder`, made when missing. Throws LevelDB's `LEVEL_DATABASE_NOT_OPEN` with cause `LEVEL_LOCKED` when another process has it. */
  static async open(folder: string, watch: JournalWatch = { written: () => undefined }): Promise<LevelJournal> {
    const database = new ClassicLevel(folder);
    await database.open();
    const journal = new LevelJournal(database, watch);
    await journal.load();
    return journal;
  }

  async enter(workerId: string): Promise<void> {
    const workers = [workerId, ...this.workers].slice(0, predecessorsKeptMax);
    await this.put([{ type: 'put', key: workersKey, value: JSON.stringify(workers) }], true);
    this.earlier = this.workers;
    this.workers = workers;
  }

  predecessors(): readonly string[] {
    return this.earlier;
  }

  find(attemptId: string): JournalEntry | null {
    return this.entries.get(attemptId) ?? null;
  }

  all(): readonly JournalEntry[] {
    return [...this.entries.values()];
  }

  isTaken(terminalId: string, rrn: string): boolean {
    return this.rrns.get(terminalId)?.some((key) => rrnOf(key) === rrn) ?? false;
  }

  async write(entry: JournalEntry): Promise<void> {
    const { attemptId } = entry.command;
    await this.put([{ type: 'put', key: attemptPrefix + attemptId, value: JSON.stringify(entry) }], true);
    this.entries.set(attemptId, entry);
  }

  async finish(attemptId: string, taken: { readonly terminalId: string; readonly rrn: string } | null): Promise<void> {
    const operations: Operation[] = [{ type: 'del', key: attemptPrefix + attemptId }];
    if (taken) operations.push(...this.take(taken.terminalId, taken.rrn));
    this.entries.delete(attemptId);
    await this.put(operations, false);
  }

  /** Takes over what another journal holds, synced; this one's own entries stay as they are. */
  async adopt(other: LevelJournal): Promise<void> {
    const entries = other.all().filter((entry) => !this.entries.has(entry.command.attemptId));
    const rrns = [...other.rrns].flatMap(([terminalId, keys]) => keys.flatMap((key) => this.take(terminalId, rrnOf(key))));
    await this.put(
      [...entries.map((entry): Operation => ({ type: 'put', key: attemptPrefix + entry.command.attemptId, value: JSON.stringify(entry) })), ...rrns],
      true,
    );
    for (const entry of entries) this.entries.set(entry.command.attemptId, entry);
    this.workers = [...this.workers, ...other.workers].slice(0, predecessorsKeptMax);
  }

  /** Removes everything, after it was adopted elsewhere. */
  async clear(): Promise<void> {
    await this.database.clear();
    this.entries.clear();
    this.rrns.clear();
  }

  /** Finishes outstanding writes and frees the folder. */
  async close(): Promise<void> {
    await this.flushing;
    await this.database.close();
  }

  private take(terminalId: string, rrn: string): Operation[] {
    this.rrnSequence += 1;
    const key = `${rrnPrefix}${terminalId}/${String(this.rrnSequence).padStart(15, '0')}/${rrn}`;
    const kept = this.rrns.get(terminalId) ?? [];
    this.rrns.set(terminalId, kept);
    kept.push(key);
    const dropped = kept.splice(0, Math.max(0, kept.length - rrnsKeptMax));
    return [{ type: 'put', key, value: '' }, ...dropped.map((old): Operation => ({ type: 'del', key: old }))];
  }

  private async load(): Promise<void> {
    for await (const [key, value] of this.database.iterator()) {
      if (key.startsWith(attemptPrefix)) this.loadEntry(key, value);
      else if (key.startsWith(rrnPrefix)) this.loadRrn(key);
      else if (key === workersKey) this.workers = JSON.parse(value) as string[];
    }
    for (const kept of this.rrns.values()) kept.sort((a, b) => sequenceOf(a) - sequenceOf(b));
  }

  private loadEntry(key: string, value: string): void {
    const entry = JSON.parse(value) as JournalEntry;
    check(attemptPrefix + entry.command.attemptId === key, `the journal's entry ${key} is damaged`);
    this.entries.set(entry.command.attemptId, entry);
  }

  private loadRrn(key: string): void {
    const terminalId = key.slice(rrnPrefix.length).split('/')[0] ?? '';
    this.rrns.set(terminalId, [...(this.rrns.get(terminalId) ?? []), key]);
    this.rrnSequence = Math.max(this.rrnSequence, sequenceOf(key));
  }

  private put(operations: readonly Operation[], synced: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operations, synced, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const synced = group.some((one) => one.synced);
      const startedAt = performance.now();
      try {
        await this.database.batch(
          group.flatMap((one) => [...one.operations]),
          { sync: synced },
        );
        this.watch.written(performance.now() - startedAt, synced);
        for (const one of group) one.resolve();
      } catch (cause) {
        for (const one of group) one.reject(new Unavailable('journal.unavailable', { cause }));
      }
    }
    this.flushing = null;
  }
}

function rrnOf(key: string): string {
  return key.split('/')[3] ?? '';
}

function sequenceOf(key: string): number {
  return Number(key.split('/')[2]);
}
