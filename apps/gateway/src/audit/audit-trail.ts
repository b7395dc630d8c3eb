import type { AuditEntry } from '@kkm/contracts';
import { Rejected, Unavailable } from '@kkm/core';
import type { Log } from '@kkm/messaging';
import type { Caller } from '../access/caller';
import type { AskedAudit } from '../postgres/audit.row';

/** Where the audit is kept. */
export interface AuditBook {
  store(entry: AuditEntry): Promise<void>;
  page(asked: AskedAudit): Promise<{ entries: AuditEntry[]; next: string | null }>;
}

/** An answer waits no longer for its entry: what was done is done. */
const waitMs = 1_000;

/** How often entries that could not be written are tried again. */
const againEveryMs = 5_000;

/** Entries kept for another try; one beyond is in the log alone. */
const keptMax = 1_000;

/**
 * Notes who changed what (ADR 0017). An entry is written before the answer goes out, so whoever has the answer finds the entry. While the database is away the answer goes out
 * all the same, the entry goes to the log at once, whole, and into the database when that is back: what was done cannot be undone for want of a note, and no note is lost silently.
 */
export class AuditTrail {
  private readonly kept: AuditEntry[] = [];
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly book: AuditBook,
    private readonly log: Log,
  ) {
    this.timer = setInterval(() => void this.again(), againEveryMs);
    this.timer.unref();
  }

  /** Writes an entry, or keeps it; returns after a second at the latest. */
  async note(entry: AuditEntry): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
    await Promise.race([this.write(entry), enough]);
    clearTimeout(timer);
  }

  /** A page, newest first; of the caller's site alone where it has one. @throws Rejected `auth.forbidden`. */
  page(asked: AskedAudit, by: Caller): Promise<{ entries: AuditEntry[]; next: string | null }> {
    if (by.siteId !== null && asked.siteId !== null && asked.siteId !== by.siteId) throw new Rejected('auth.forbidden');
    return this.book.page({ ...asked, siteId: by.siteId ?? asked.siteId });
  }

  /** Tries what is kept again, in order, until one fails; whoever asks meanwhile waits for the same. */
  again(): Promise<void> {
    this.writing ??= this.writeKept().finally(() => (this.writing = null));
    return this.writing;
  }

  /** Called by Nest when the gateway stops. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.again();
  }

  private async writeKept(): Promise<void> {
    for (let entry = this.kept[0]; entry; entry = this.kept[0]) {
      const written = await this.book.store(entry).then(
        () => true,
        () => false, // It is in the log, and stays here for the next time.
      );
      if (!written) return;
      this.kept.shift();
    }
  }

  private async write(entry: AuditEntry): Promise<void> {
    try {
      await this.book.store(entry);
    } catch (error) {
      this.log.error({ audit: entry, err: error }, 'An audit entry could not be written.');
      if (error instanceof Unavailable && this.kept.length < keptMax) this.kept.push(entry);
    }
  }
}
