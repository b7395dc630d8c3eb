import type { Attempt, Conflict, KeptEvidence, Payment, Progress, SurfacedMoney } from '@kkm/core';

/** Something that happened to a payment. `at` is null where the time is not kept. */
export type Happening = { readonly key: string; readonly at: string | null } & (
  | { readonly kind: 'opened' | 'closed' | 'stopping' }
  | { readonly kind: 'begun' | 'granted' | 'qr' | 'ended' | 'in_doubt' | 'decided'; readonly attempt: Attempt }
  | { readonly kind: 'unread'; readonly attempt: Attempt; readonly n: number; readonly of: number | null }
  | { readonly kind: 'step'; readonly progress: Progress }
  | { readonly kind: 'said'; readonly evidence: KeptEvidence }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'surfaced'; readonly money: SurfacedMoney }
);

/** What a story is told from: the payment, what was said about it, and what was heard live while the page was open. */
export interface StoryFacts {
  readonly payment: Payment;
  readonly evidence: readonly KeptEvidence[];
  readonly heard: readonly Progress[];
}

/** Steps that tell something which neither the payment nor the evidence tells. */
const toldSteps = new Set<Progress['step']>(['on_terminal', 'recovering', 'qr_hidden']);

/** Tells the story of a payment, oldest first. What has no time of its own stands where it must have happened. */
export function storyOf({ payment, evidence, heard }: StoryFacts): readonly Happening[] {
  const told = payment.attempts.flatMap((attempt) => attemptStory(attempt, { payment, evidence, heard }));
  const rest: readonly Happening[] = [
    ...payment.conflicts.map((conflict, index) => ({ key: `conflict-${index}`, at: conflict.at, kind: 'conflict' as const, conflict })),
    ...payment.surfaced.map((money, index) => ({ key: `surfaced-${index}`, at: money.at, kind: 'surfaced' as const, money })),
    ...(payment.closedAt === null ? [] : [{ key: 'closed', at: payment.closedAt, kind: 'closed' as const }]),
  ];
  return inOrder([{ key: 'opened', at: payment.createdAt, kind: 'opened' }, ...told, ...rest]);
}

function attemptStory(attempt: Attempt, facts: StoryFacts): readonly Happening[] {
  const { payment } = facts;
  const of = <Kind extends 'begun' | 'granted' | 'qr' | 'ended' | 'in_doubt' | 'decided'>(kind: Kind, at: string | null) => ({
    key: `${attempt.id}-${kind}`,
    at,
    kind,
    attempt,
  });
  const isStopped = payment.cancelRequested !== null && attempt === payment.attempts.findLast(({ operation }) => operation === 'sale');
  const shownAt = facts.heard.find(({ attemptId, step }) => attemptId === attempt.id && step === 'qr_shown')?.at ?? attempt.grantedAt;
  return [
    of('begun', attempt.createdAt),
    ...(attempt.grantedAt === null ? [] : [of('granted', attempt.grantedAt)]),
    ...(attempt.qr === null ? [] : [of('qr', shownAt)]),
    ...stepsOf(attempt, facts),
    ...readFailuresOf(attempt, facts),
    ...saidOf(attempt, facts),
    ...(isStopped ? [{ key: `${attempt.id}-stopping`, at: null, kind: 'stopping' as const }] : []),
    ...(attempt.status === 'unknown' ? [of('in_doubt', null)] : []),
    ...(attempt.resolvedBy === null ? [] : [of('decided', attempt.resolvedBy.at)]),
    ...(attempt.finishedAt === null || attempt.resolvedBy !== null ? [] : [of('ended', attempt.finishedAt)]),
  ];
}

/** Read failures as they were heard, each by its number; where nobody listened, only how many there were is known. */
function readFailuresOf(attempt: Attempt, { heard }: StoryFacts): readonly Happening[] {
  const steps = heard.filter(({ attemptId, step }) => attemptId === attempt.id && step === 'card_read_failed');
  const unread = (n: number, of: number | null, at: string | null): Happening => ({ key: `${attempt.id}-unread-${n}`, at, kind: 'unread', attempt, n, of });
  if (steps.length > 0 && steps.length >= attempt.readFailures) return steps.map(({ n, of, at }, index) => unread(n ?? index + 1, of, at));
  return attempt.readFailures === 0 ? [] : [unread(attempt.readFailures, null, null)];
}

/** Live steps, the last of its kind only: a terminal that is still working says so again and again. */
function stepsOf(attempt: Attempt, { heard }: StoryFacts): readonly Happening[] {
  const own = heard.filter(({ attemptId, step }) => attemptId === attempt.id && toldSteps.has(step));
  const last = own.filter((step, index) => own[index + 1]?.step !== step.step);
  return last.map((progress, index) => ({ key: `${attempt.id}-step-${index}`, at: progress.at, kind: 'step', progress }));
}

/** What was asked and said, but what stands in the story anyway: a person's decision, and an answer that ended the attempt as soon as it came. */
function saidOf(attempt: Attempt, { evidence }: StoryFacts): readonly Happening[] {
  const own = evidence.filter(({ attemptId, kind }) => attemptId === attempt.id && !(kind === 'person' && attempt.resolvedBy !== null));
  if (attempt.finishedAt !== null && attempt.resolvedBy === null && own.every(({ kind }) => kind === 'answer')) return [];
  return own.map((one, index) => ({ key: `${attempt.id}-said-${index}`, at: one.at, kind: 'said', evidence: one }));
}

/** Sorts by time; what has none follows what it was told after. Of one time, the order of telling stays. */
function inOrder(told: readonly Happening[]): readonly Happening[] {
  let latest = '';
  const timed = told.map((happening) => {
    latest = happening.at ?? latest;
    return { happening, at: latest };
  });
  return timed.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)).map(({ happening }) => happening);
}
