import { saleFaults } from '../plan/sale-faults';
import type { SaleFault } from '../plan/sale-faults';
import { requiredHits, strikeKinds } from '../plan/strikes';
import type { StrikeKind } from '../plan/strikes';
import type { GrantedAttempt, Strike } from './facts';

/** How often one thing was done, and how often a permit was live then. */
export interface HitRow<What extends StrikeKind | SaleFault = StrikeKind | SaleFault> {
  readonly what: What;
  readonly done: number;
  /** While an attempt was granted and being driven on a terminal it could hurt. */
  readonly live: number;
  /** While no such attempt was there, but one in doubt. */
  readonly duringRecovery: number;
  readonly required: number;
}

/** A fault that a terminal was told to show: whether it fired. It fires on a sale's bytes, which nobody sends without a permit. */
export interface FaultShown {
  readonly fault: SaleFault;
  readonly fired: boolean;
}

/** Counts strikes by kind, judged by the ledger's own times. */
export function strikeHits(strikes: readonly Strike[], attempts: readonly GrantedAttempt[], seconds: number): readonly HitRow<StrikeKind>[] {
  return strikeKinds.map((kind) => {
    const fallen = strikes.filter((strike) => strike.kind === kind);
    const live = fallen.filter((strike) => attempts.some((attempt) => isDriven(attempt, strike)));
    const recovering = fallen.filter((strike) => !live.includes(strike) && attempts.some((attempt) => isInDoubt(attempt, strike)));
    return { what: kind, done: fallen.length, live: live.length, duringRecovery: recovering.length, required: requiredHits(kind, seconds) };
  });
}

/** Counts the terminals' faults by name. */
export function faultHits(shown: readonly FaultShown[], seconds: number): readonly HitRow<SaleFault>[] {
  return saleFaults.map((fault) => {
    const told = shown.filter((each) => each.fault === fault);
    return { what: fault, done: told.length, live: told.filter(({ fired }) => fired).length, duringRecovery: 0, required: requiredHits(fault, seconds) };
  });
}

/** Rows that fall short. */
export function missed<Row extends HitRow>(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ live, required }) => live < required);
}

/** Whether the attempt had its permit at the moment of the strike, and its outcome was neither known nor given up. */
export function isDriven(attempt: GrantedAttempt, strike: Strike): boolean {
  const endMs = Math.min(attempt.finishedAtMs ?? Infinity, attempt.inDoubtAtMs ?? Infinity);
  return strike.terminalIds.includes(attempt.terminalId) && attempt.grantedAtMs <= strike.atMs && strike.atMs < endMs;
}

function isInDoubt({ terminalId, inDoubtAtMs, finishedAtMs }: GrantedAttempt, strike: Strike): boolean {
  return strike.terminalIds.includes(terminalId) && inDoubtAtMs !== null && inDoubtAtMs <= strike.atMs && strike.atMs < (finishedAtMs ?? Infinity);
}
