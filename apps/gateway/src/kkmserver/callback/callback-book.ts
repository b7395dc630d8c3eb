import type { WrittenAnswer } from '@kkm/contracts';
import type { KkmCommand } from '@kkm/core';

/** Something a remote server sent and has not been told the result of: a command that is driven, or a request that was answered at once. */
export type CallbackEntry = { readonly kind: 'command'; readonly command: KkmCommand } | { readonly kind: 'reply'; readonly reply: WrittenAnswer };

/** An entry under its key: a command's own id, or one drawn for a reply. */
export type KeptEntry = CallbackEntry & { readonly key: string };

/** What is owed to remote servers. It outlives the process: a result is owed until the server has taken it. */
export interface CallbackBook {
  /** Keeps an entry; one that is kept already stays as it is. */
  keep(siteId: string, key: string, entry: CallbackEntry): Promise<void>;
  /** The oldest entries that are owed. */
  owed(siteId: string, limit: number): Promise<readonly KeptEntry[]>;
  /** Forgets entries whose results the server has taken. */
  settled(siteId: string, keys: readonly string[]): Promise<void>;
}
