import type { CallbackBook, CallbackEntry, KeptEntry } from '../kkmserver/callback/callback-book';

/** What is owed to remote servers, in memory. */
export class MemoryCallbackBook implements CallbackBook {
  private readonly entries = new Map<string, { readonly siteId: string; readonly entry: KeptEntry }>();

  keep(siteId: string, key: string, entry: CallbackEntry): Promise<void> {
    const name = `${siteId} ${key}`;
    if (!this.entries.has(name)) this.entries.set(name, { siteId, entry: { ...entry, key } });
    return Promise.resolve();
  }

  owed(siteId: string, limit: number): Promise<readonly KeptEntry[]> {
    const owed = [...this.entries.values()].filter((kept) => kept.siteId === siteId).map(({ entry }) => entry);
    return Promise.resolve(owed.slice(0, limit));
  }

  settled(siteId: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.entries.delete(`${siteId} ${key}`);
    return Promise.resolve();
  }
}
