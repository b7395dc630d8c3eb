import { newKey } from '../api/api';
import { ApiProblem } from '../api/api-problem';

/** A wish as it is sent: the same key on every repeat. */
export interface SentWish<Body> {
  readonly key: string;
  readonly body: Body;
}

/**
 * Lets a wish be carried out once, whatever is clicked and whatever becomes of the answer. While it is under way nothing else begins. When its answer is lost,
 * only the same wish can be sent again, with the same key: then the door carries it out at most once, and answers for the first.
 */
export class Once<Body> {
  private underWay = false;
  private wish: SentWish<Body> | null = null;

  constructor(private readonly makeKey: () => string = newKey) {}

  /** The body whose answer was lost; null when none was. */
  get lost(): Body | null {
    return this.underWay ? null : (this.wish?.body ?? null);
  }

  /** What to send now; null while the wish is under way. After a lost answer this is the wish that was lost, whatever is asked. */
  begin(body: Body): SentWish<Body> | null {
    if (this.underWay) return null;
    this.underWay = true;
    this.wish ??= { key: this.makeKey(), body };
    return this.wish;
  }

  /** The wish has ended: `problem` is null when it was answered. */
  end(problem: unknown): void {
    this.underWay = false;
    if (problem === null || !isUncertain(problem)) this.wish = null;
  }
}

/** Whether what was asked may have been done although no good answer came. */
export function isUncertain(problem: unknown): boolean {
  if (!(problem instanceof ApiProblem)) return true;
  const { refusal } = problem;
  if (refusal.kind !== 'refused') return true;
  return refusal.problem.status >= 500 || refusal.problem.code === 'idempotency.in_progress';
}
