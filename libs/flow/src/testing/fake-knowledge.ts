import type { AttemptHappening, AttemptResult, AttemptStatus, BaselineRequest, CancelRequested, Outcome, PaymentCommand, TerminalKnowledge } from '@kkm/core';

/** An attempt as the fake ledger keeps it. */
export interface KnownAttempt {
  readonly command: PaymentCommand;
  status: AttemptStatus;
  nonce: string | null;
  workerId: string | null;
  grantedTo: string | null;
  awaitsTerminal: boolean;
  recovering: boolean;
  leaseUntilMs: number | null;
  grantedAtMs: number | null;
  cancelRequested: CancelRequested;
}

/** A report as the fake ledger keeps it. */
export type FakeBaseline = BaselineRequest & { readonly readAtMs: number };

/** What the fake ledger knows of a terminal's operations, by its baseline and by the results that were published of other attempts. */
export function knowledgeOf(
  baseline: FakeBaseline | null,
  { rrns, results, grantedAtMs }: { readonly rrns: readonly string[]; readonly results: readonly AttemptResult[]; readonly grantedAtMs: number },
): TerminalKnowledge {
  const known = rrns.filter(
    (rrn) => results.some(({ outcome }) => outcome.facts.rrn === rrn) || baseline?.operations.some((operation) => operation.rrn === rrn),
  );
  if (!baseline || baseline.readAtMs >= grantedAtMs) return { known, baseline: null, anchor: null };
  const newest = baseline.operations.at(-1);
  return { known, baseline, anchor: newest ? { kind: 'operation', rrn: newest.rrn } : { kind: 'period', since: baseline.since } };
}

/** What a published outcome does to its attempt. */
export function happeningOf(outcome: Outcome): AttemptHappening {
  const happenings = { approved: 'approve', declined: 'decline', cancelled: 'cancel', failed: 'fail', unknown: 'lose' } as const;
  return happenings[outcome.kind];
}
