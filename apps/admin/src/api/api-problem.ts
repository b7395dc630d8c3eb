import type { Problem } from '@kkm/contracts';

/**
 * What came instead of an answer. `refused`: KKM's own problem. `offline`: no answer at all, so a change may or may not have been made. `unreadable`: an answer
 * that is not KKM's, with its status.
 */
export type Refusal =
  | { readonly kind: 'refused'; readonly problem: Problem; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'offline' }
  | { readonly kind: 'unreadable'; readonly status: number };

/** Thrown by every call of the API client that got no answer to use. */
export class ApiProblem extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.kind === 'refused' ? refusal.problem.code : refusal.kind);
  }

  /** The stable code of KKM's problem; null when it is none of its own. */
  get code(): string | null {
    return this.refusal.kind === 'refused' ? this.refusal.problem.code : null;
  }
}

/** Reads an answer that is not a success. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const problem: unknown = await response.json().catch(() => null);
  if (!isProblem(problem)) return { kind: 'unreadable', status: response.status };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { kind: 'refused', problem, retryAfterSeconds: Number.isFinite(seconds) ? seconds : null };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'title' in value;
}
