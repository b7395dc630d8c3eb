import type { LooseMembers } from '../loose-members';

/** What came of asking. `unreachable`: it certainly did nothing with the request. `lost`: it may have. `error` is for people. */
export type RemoteAnswer =
  | { readonly kind: 'answered'; readonly body: LooseMembers }
  | { readonly kind: 'unreachable'; readonly error: string }
  | { readonly kind: 'lost'; readonly error: string };

/** A KkmServer-compatible register elsewhere, as far as its API is spoken over HTTP. Nothing of request, answer or password is in an error. */
export interface RemoteRegister {
  execute(command: LooseMembers, waitMs: number): Promise<RemoteAnswer>;
}

/** What a command came to there. `refused`: certainly not done. `unknown`: never heard of, as far as the register says. `lost`: nobody can say yet. */
export type RemoteEnd =
  | { readonly kind: 'done'; readonly answer: LooseMembers }
  | { readonly kind: 'refused'; readonly error: string; readonly answer: LooseMembers }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'lost'; readonly error: string };
