import { predecessorsKeptMax } from '@kkm/flow/worker';
import type { Journal, JournalEntry } from '@kkm/flow/worker';
import type { SimProcess } from './sim-process';

/** What is on a worker's disk: it stays when the process dies. */
export class Disk {
  readonly entries = new Map<string, JournalEntry>();
  /** Attempts whose answer was ever kept. */
  readonly answered = new Set<string>();
  readonly taken = new Map<string, string[]>();
  /** Workers whose journal it was, newest first. */
  workers: readonly string[] = [];
}

/** A journal on such a disk; an entry is kept at one moment, and the process may die before and after it. */
export class SimJournal implements Journal {
  private earlier: readonly string[] = [];

  constructor(
    private readonly disk: Disk,
    private readonly process: SimProcess,
  ) {}

  enter(workerId: string): Promise<void> {
    return this.process.through(() => {
      this.earlier = this.disk.workers;
      this.disk.workers = [workerId, ...this.disk.workers].slice(0, predecessorsKeptMax);
    });
  }

  predecessors(): readonly string[] {
    return this.earlier;
  }

  find(attemptId: string): JournalEntry | null {
    return this.disk.entries.get(attemptId) ?? null;
  }

  all(): readonly JournalEntry[] {
    return [...this.disk.entries.values()];
  }

  isTaken(terminalId: string, rrn: string): boolean {
    return this.disk.taken.get(terminalId)?.includes(rrn) ?? false;
  }

  write(entry: JournalEntry): Promise<void> {
    return this.process.through(() => {
      this.disk.entries.set(entry.command.attemptId, entry);
      if (entry.state === 'answered') this.disk.answered.add(entry.command.attemptId);
    });
  }

  finish(attemptId: string, taken: { readonly terminalId: string; readonly rrn: string } | null): Promise<void> {
    return this.process.through(() => {
      this.disk.entries.delete(attemptId);
      if (taken) this.disk.taken.set(taken.terminalId, [...(this.disk.taken.get(taken.terminalId) ?? []), taken.rrn]);
    });
  }
}
