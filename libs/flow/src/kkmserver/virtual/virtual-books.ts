import type { VirtualState } from './virtual-state';

/** A register by its full name. */
export interface RegisterName {
  readonly siteId: string;
  readonly registerId: string;
}

/** A check that can be read back by its number. */
export interface VirtualCheck {
  readonly number: number;
  readonly slip: string;
  readonly qrCode: string;
  /** The members of the answer's `RegisterCheck`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was made under one key, plain JSON: what is answered, however often it is asked for, and the check if it was a fiscal one. */
export interface VirtualEntry {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly check: VirtualCheck | null;
}

/** What a command does to a register: changes it, or is refused and changes nothing. */
export type VirtualChange =
  { readonly kind: 'made'; readonly state: VirtualState; readonly entry: VirtualEntry } | { readonly kind: 'refused'; readonly error: string };

/** What came of a change: its entry, or the one that was made under the key before. */
export type VirtualMade = { readonly kind: 'made'; readonly entry: VirtualEntry } | { readonly kind: 'refused'; readonly error: string };

/** Where virtual registers are kept. Every replica of the gateway sees the same; a register without a state is a fresh one. */
export interface VirtualBooks {
  /** Changes a register, one command after another, and keeps state and entry in one transaction. A key that made something before gives that again and decides nothing. */
  change(register: RegisterName, key: string, decide: (state: VirtualState) => VirtualChange): Promise<VirtualMade>;
  read(register: RegisterName): Promise<VirtualState>;
  /** A check by its number, or the last one with 0; null when there is none. */
  check(register: RegisterName, number: number): Promise<VirtualCheck | null>;
}
