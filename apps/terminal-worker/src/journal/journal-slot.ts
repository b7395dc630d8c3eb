import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LevelJournal, type JournalWatch } from './level-journal';

/** How many worker processes may share one journal folder. */
const slotsMax = 64;

const slotName = (number: number): string => `slot-${number}`;

/** A journal of this process alone. */
export interface JournalSlot {
  readonly folder: string;
  readonly journal: LevelJournal;
  /** How many entries were found: of an earlier process in this slot, and in slots that nobody uses. */
  readonly adopted: number;
}

/**
 * Takes the first free slot of `folder` and whatever processes that died left in the others: what they began or were answered must not stay behind
 * because fewer processes run today. A slot in use is locked by LevelDB; the lock dies with its process.
 */
export async function takeJournalSlot(folder: string, watch?: JournalWatch): Promise<JournalSlot> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let number = 0; number < slotsMax; number += 1) {
    const journal = await openUnlessLocked(join(folder, slotName(number)), watch);
    if (!journal) continue;
    for (const other of await otherSlots(folder, slotName(number))) await adopt(journal, join(folder, other));
    return { folder: join(folder, slotName(number)), journal, adopted: journal.all().length };
  }
  throw new Error(`All ${slotsMax} journal slots of ${folder} are in use.`);
}

async function otherSlots(folder: string, own: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^slot-\d+$/.test(name) && name !== own);
}

async function adopt(journal: LevelJournal, folder: string): Promise<void> {
  const other = await openUnlessLocked(folder);
  if (!other) return;
  try {
    await journal.adopt(other);
    await other.clear();
  } finally {
    await other.close();
  }
}

/** Null when another process, or another part of this one, has the folder. */
async function openUnlessLocked(folder: string, watch?: JournalWatch): Promise<LevelJournal | null> {
  try {
    return await LevelJournal.open(folder, watch);
  } catch (error) {
    if (isLocked(error)) return null;
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && typeof error.cause === 'object' && error.cause !== null && 'code' in error.cause && error.cause.code === 'LEVEL_LOCKED';
}
