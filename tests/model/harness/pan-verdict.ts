/** What a search found. `cut-short`: it did not see everything, so that finding nothing means nothing. */
export type PanVerdict =
  | { readonly kind: 'holds'; readonly states: number }
  | { readonly kind: 'counter-example'; readonly what: string; readonly states: number }
  | { readonly kind: 'cut-short'; readonly why: string };

/** What spin's verifier says when it left something out. It says so in passing and may still end with "errors: 0". */
const leftOut = /max search depth too small|out of memory|Search not completed|reached -DMEMLIM|hash-compact|Bit statespace search|Partial search/i;

/** Reads the report of `pan`. Only a full search without an error and without a warning holds; whatever else it says is no proof. */
export function panVerdict(report: string): PanVerdict {
  const states = Number(/^\s*(\d+) states, stored/m.exec(report)?.[1] ?? Number.NaN);
  const errors = Number(/\berrors: (\d+)/.exec(report)?.[1] ?? Number.NaN);
  if (Number.isNaN(errors) || Number.isNaN(states)) return { kind: 'cut-short', why: `the report has no end: ${report.slice(-400)}` };
  const what = /^pan:\d+: (assertion violated|invalid end state|non-progress cycle)/m.exec(report)?.[1];
  if (errors > 0 && what !== undefined) return { kind: 'counter-example', what, states };
  const missed = leftOut.exec(report)?.[0];
  if (errors > 0 || missed !== undefined) return { kind: 'cut-short', why: missed ?? 'an error that is no counter-example' };
  return /^Full statespace search/m.test(report) ? { kind: 'holds', states } : { kind: 'cut-short', why: 'it was not a full search' };
}
