/** The first of `stem-1`, `stem-2`, … that is not taken. */
export function freeId(stem: string, taken: readonly string[]): string {
  const used = new Set(taken);
  let number = 1;
  while (used.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
