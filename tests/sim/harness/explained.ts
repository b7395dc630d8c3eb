import type { FakeBank } from '@kkm/drivers/terminals';
import type { MemoryLedgerStore } from '@kkm/flow/testing';

/** The one site of the simulation. */
const siteOfAll = 'club-1';

/** Why an attempt may still be in doubt when nothing moves any more: something happened at its terminal that nobody told us of. */
export function isExplained(
  { bank, store }: { readonly bank: FakeBank; readonly store: MemoryLedgerStore },
  terminalId: string,
  told: { readonly contradicted: ReadonlySet<string>; readonly settledByHand: ReadonlySet<string> },
): boolean {
  const found = store.recovery.found.get(`${siteOfAll}/${terminalId}`);
  const stranger = bank.transactions().some((row) => row.terminalId === terminalId && row.foreign && !found?.has(row.rrn));
  const contradicted = [...told.contradicted].some((attemptId) => store.books.attempts.get(attemptId)?.shown.terminalId === terminalId);
  return stranger || contradicted || told.settledByHand.has(terminalId);
}

/** What is wrong with what waits for a person: a charge that nobody knows must be there, a command must not. */
export function parkedFaults(
  parked: string,
  orphans: { readonly kept: ReadonlyMap<string, unknown>; readonly expected: ReadonlySet<string> },
): readonly string[] {
  const missing = [...orphans.expected].filter((resultId) => !orphans.kept.has(resultId) || !parked.includes(resultId));
  const commands = parked.includes('"expiresAt"') ? ['a command was given up'] : [];
  return [...missing.map((resultId) => `${resultId}: a charge that nobody knows is not kept`), ...commands];
}
