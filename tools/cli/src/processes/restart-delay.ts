/** A process that ran at least this long before it died is started again at once: its failures do not add up. */
export const settledAfterMs = 30_000;

/** How long to wait before a process is started again that died `failures` times in a row: 0.2 s, doubling, at most 10 s. */
export function restartDelayMs(failures: number): number {
  return failures <= 0 ? 0 : Math.min(200 * 2 ** (failures - 1), 10_000);
}
