import { maskCardNumbers } from './card-numbers';

/** Where a piece of evidence comes from: the terminal's answer to the operation itself, to a question of recovery, a person, or the bank's own word (SBP). */
export const evidenceKinds = ['answer', 'link-test', 'last-result', 'report', 'person', 'bank'] as const;

/** One of {@link evidenceKinds}. */
export type EvidenceKind = (typeof evidenceKinds)[number];

/** Something that was said about an attempt, and what was asked to hear it. Facts for a person; nothing is decided by its text. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** What was asked, in words. At most {@link evidenceLimits.asked} characters. */
  readonly asked: string;
  /** What was said, cut with a mark at {@link evidenceLimits.said} characters. Card numbers are masked. */
  readonly said: string;
  readonly rrn: string | null;
  /** RFC 3339, by the clock of whoever asked. */
  readonly at: string;
}

/** Evidence as the ledger keeps it: about which attempt, and how often and when last the same was heard. */
export interface KeptEvidence extends Evidence {
  readonly attemptId: string;
  readonly times: number;
  readonly lastAt: string;
}

/** How much evidence is carried and kept. A result brings at most `ofResult` pieces; an attempt in doubt keeps at most `ofDoubt` different ones. */
export const evidenceLimits = { asked: 200, said: 4_000, rrn: 64, ofResult: 16, ofDoubt: 60 } as const;

const cutMark = '… [cut]';

/** Brings evidence into the form it may be kept in: card numbers masked, texts cut, nothing the database cannot hold. */
export function makeEvidence(told: Evidence): Evidence {
  const { kind, asked, said, rrn, at } = told;
  return { kind, asked: fit(asked, evidenceLimits.asked), said: fit(said, evidenceLimits.said), rrn: rrn && fit(rrn, evidenceLimits.rrn), at };
}

/** Masks before it cuts: half a card number would not be known as one. */
function fit(text: string, max: number): string {
  const masked = maskCardNumbers(text);
  const cut = masked.length <= max ? masked : `${masked.slice(0, max - cutMark.length)}${cutMark}`;
  return cut.replace(/[\u0000\p{Cs}]/gu, '');
}
