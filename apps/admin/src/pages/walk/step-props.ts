import type { Walk } from './walk';

/** What each step is given. */
export interface StepProps {
  readonly walk: Walk;
  readonly change: (members: Partial<Walk>) => void;
  readonly back: () => void;
  readonly next: () => void;
}
