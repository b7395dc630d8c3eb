import { Unavailable } from '@kkm/core';
import { predecessorsKeptMax, rrnsKeptMax, type Journal, type JournalEntry } from '../worker/ports';

/** A journal in memory. `broken` makes it refuse to write, as a full disk does; `kept` is what a restarted process would find. */
export class MemoryJournal implements Journal {
  broken = false;
  /** Runs before an entry is kept, for what happens in that very moment. */
  beforeWrite: (entry: JournalEntry) => void = () => undefined;
  /** Every entry ever written, in order. */
  readonly written: JournalEntry[] = [];
  private earlier: readonly string[] = [];

  constructor(
    readonly kept = new Map<string, JournalEntry>(),
    private readonly rrns = new Map<string, string[]>(),
    private entered: readonly string[] = [],
  ) {}

  /** The journal as the next process finds it. */
  reopen(): MemoryJournal {
    return new MemoryJournal(new Map(this.kept), new Map(this.rrns), this.entered);
  }

  async enter(workerId: string): Promise<void> {
    await Promise.resolve();
    if (this.broken) throw new Unavailable('journal.unavailable');
    this.earlier = this.entered;
    this.entered = [workerId, ...this.entered].slice(0, predecessorsKeptMax);
  }

  predecessors(): readonly string[] {
    return this.earlier;
  }

  find(attemptId: string): JournalEntry | null {
    return this.kept.get(attemptId) ?? null;
  }

  all(): readonly JournalEntry[] {
    return [...this.kept.values()];
  }

  isTaken(terminalId: string, rrn: string): boolean {
    return this.rrns.get(terminalId)?.includes(rrn) ?? false;
  }

  async write(entry: JournalEntry): Promise<void> {
    await Promise.resolve();
    this.beforeWrite(entry);
    if (this.broken) throw new Unavailable('journal.unavailable');
    this.written.push(entry);
    this.kept.set(entry.command.attemptId, entry);
  }

  async finish(attemptId: string, taken: { readonly terminalId: string; readonly rrn: string } | null): Promise<void> {
    await Promise.resolve();
    if (this.broken) throw new Unavailable('journal.unavailable');
    this.kept.delete(attemptId);
    if (!taken) return;
    const rrns = [...(this.rrns.get(taken.terminalId) ?? []), taken.rrn];
    this.rrns.set(taken.terminalId, rrns.slice(-rrnsKeptMax));
  }
}
