import type { Evidence } from './evidence';

/** Who decided: a user who is signed in, or an API key, by id and by the name it has for people. */
export interface Decider {
  readonly kind: 'api_key' | 'user';
  readonly id: string;
  readonly name: string;
}

/** Who asked for a refund: a user, an API key, or a message of the AMQP door by its id and its source. */
export type Requester = Decider | { readonly kind: 'message'; readonly id: string; readonly name: string };

/** A person's decision about an attempt in doubt. */
export interface Decision {
  readonly by: Decider;
  readonly at: string;
  readonly charged: boolean;
  /** Minor units; 0 when not charged. */
  readonly chargedAmount: number;
  /** What the decision rests on, in the person's words. */
  readonly evidence: string;
}

/** What came of the terminal's own word on an attempt that a person decided (design-money, clause 9): recovery asks until it has answered once. */
export const terminalWords = ['awaited', 'confirmed', 'contradicted'] as const;

/** One of {@link terminalWords}. */
export type TerminalWord = (typeof terminalWords)[number];

/** A person's decision as its attempt shows it. */
export interface Resolution extends Decision {
  readonly terminal: TerminalWord;
}

/** A person and a terminal that say different things about one attempt. Both stand; neither is overwritten. */
export interface Conflict {
  readonly attemptId: string;
  /** When the ledger heard the terminal. */
  readonly at: string;
  readonly person: Decision;
  readonly terminal: { readonly charged: boolean; readonly chargedAmount: number; readonly evidence: Evidence };
}

/** What became of surfaced money: `undecided` until the ledger or a person has decided about it. */
export const dispositions = ['undecided', 'kept', 'returned'] as const;

/** Money that a bank took in an attempt that had ended otherwise (design-money, clause 10). */
export interface SurfacedMoney {
  readonly attemptId: string;
  /** Minor units. */
  readonly amount: number;
  readonly rrn: string | null;
  readonly disposition: (typeof dispositions)[number];
  readonly at: string;
}
