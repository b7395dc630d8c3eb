/** What the doctor says about one thing. A `problem` stops `./kkm up`, or payments; a `note` does not. */
export interface Finding {
  readonly kind: 'ok' | 'note' | 'problem';
  readonly about: string;
  readonly words: string;
  /** What to do; only where something is to be done. */
  readonly remedy?: string;
}

/** Findings as lines for people, remedies below what they cure. */
export function findingLines(findings: readonly Finding[]): string {
  const marks = { ok: 'ok', note: 'note', problem: 'PROBLEM' } as const;
  return findings
    .flatMap(({ kind, about, words, remedy }) => [`  ${marks[kind].padEnd(9)}${about.padEnd(16)}${words}`, ...(remedy ? [`${' '.repeat(27)}→ ${remedy}`] : [])])
    .join('\n');
}
