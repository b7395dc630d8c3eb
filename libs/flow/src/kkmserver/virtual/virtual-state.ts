import type { CheckDocument, CheckSums } from '@kkm/core';

/** What a check does with goods and money, in the words of the API's counters ("Shell" is its own spelling). */
export const receiptTypes = ['Shell', 'ShellReturn', 'Buy', 'BuyReturn'] as const;
/** One of {@link receiptTypes}. */
export type ReceiptType = (typeof receiptTypes)[number];

/** Tax sums of a counter; of goods without tax and at 0 % their own. */
export const taxNames = ['Tax20', 'Tax10', 'Tax0', 'TaxNo', 'Tax120', 'Tax110'] as const;
/** One of {@link taxNames}. */
export type TaxName = (typeof taxNames)[number];

/** What was counted of one type of receipt. Sums in minor units. */
export interface Counter {
  readonly count: number;
  readonly sum: number;
  readonly sums: CheckSums;
  readonly taxes: Readonly<Record<TaxName, number>>;
  readonly correctionsCount: number;
  readonly correctionsSum: number;
}

/** Counters of all types. */
export type Counters = Readonly<Record<ReceiptType, Counter>>;

/** Everything a virtual register remembers between commands, as plain JSON. Amounts in minor units. */
export interface VirtualState {
  /** Number of its last document; checks and the beginning and end of a shift are documents. */
  readonly documentNumber: number;
  readonly shiftNumber: number;
  /** Null: no shift is open. */
  readonly shiftOpenedAtMs: number | null;
  /** Checks of the open shift. */
  readonly checksInShift: number;
  readonly cash: number;
  readonly total: Counters;
  readonly shift: Counters;
}

/** How long a shift may be open; a longer one is ended before the next check. */
export const shiftMsMax = 24 * 3_600_000;

const noSums: CheckSums = { cash: 0, electronic: 0, advance: 0, credit: 0, provision: 0 };
const noCounter: Counter = {
  count: 0,
  sum: 0,
  sums: noSums,
  taxes: { Tax20: 0, Tax10: 0, Tax0: 0, TaxNo: 0, Tax120: 0, Tax110: 0 },
  correctionsCount: 0,
  correctionsSum: 0,
};
const noCounters: Counters = { Shell: noCounter, ShellReturn: noCounter, Buy: noCounter, BuyReturn: noCounter };

/** A register that has done nothing yet. */
export const freshState: VirtualState = {
  documentNumber: 0,
  shiftNumber: 0,
  shiftOpenedAtMs: null,
  checksInShift: 0,
  cash: 0,
  total: noCounters,
  shift: noCounters,
};

/** What a check of a type is, and whether it corrects; null for a type that the API does not number. */
export function receiptTypeOf(type: number): { readonly receipt: ReceiptType; readonly corrects: boolean } | null {
  switch (type) {
    case 0:
    case 8:
      return { receipt: 'Shell', corrects: false };
    case 1:
    case 9:
      return { receipt: 'ShellReturn', corrects: false };
    case 2:
    case 3:
      return { receipt: type === 2 ? 'Shell' : 'ShellReturn', corrects: true };
    case 10:
    case 11:
      return { receipt: type === 10 ? 'Buy' : 'BuyReturn', corrects: false };
    case 12:
    case 13:
      return { receipt: type === 12 ? 'Buy' : 'BuyReturn', corrects: true };
    default:
      return null;
  }
}

/** Where the open shift stands, as `SessionState` numbers it: 1 none is open, 2 open, 3 open for too long. */
export function sessionState({ shiftOpenedAtMs }: VirtualState, nowMs: number): 1 | 2 | 3 {
  if (shiftOpenedAtMs === null) return 1;
  return nowMs - shiftOpenedAtMs > shiftMsMax ? 3 : 2;
}

/** Begins a shift. */
export function withShift(state: VirtualState, nowMs: number): VirtualState {
  const { documentNumber, shiftNumber } = state;
  return { ...state, documentNumber: documentNumber + 1, shiftNumber: shiftNumber + 1, shiftOpenedAtMs: nowMs, checksInShift: 0, shift: noCounters };
}

/** Ends the shift. */
export function withoutShift(state: VirtualState): VirtualState {
  return { ...state, documentNumber: state.documentNumber + 1, shiftOpenedAtMs: null };
}

/** Books a fiscal check in the open shift. `sums` are what was really taken. */
export function withCheck(state: VirtualState, check: CheckDocument, sums: CheckSums): VirtualState {
  const kind = receiptTypeOf(check.type);
  if (!kind) return state;
  const add = (counters: Counters): Counters => ({ ...counters, [kind.receipt]: counted(counters[kind.receipt], check, { sums, corrects: kind.corrects }) });
  const isIn = kind.receipt === 'Shell' || kind.receipt === 'BuyReturn';
  const cash = sums.cash - changeOf(check, sums);
  return {
    ...state,
    documentNumber: state.documentNumber + 1,
    checksInShift: state.checksInShift + 1,
    cash: state.cash + (isIn ? cash : -cash),
    total: add(state.total),
    shift: add(state.shift),
  };
}

/** What a check comes to: its goods, or what was paid where it names none. */
export function checkSum(check: CheckDocument, sums: CheckSums): number {
  const goods = check.goods.reduce((sum, { amount }) => sum + amount, 0);
  return check.goods.length > 0 ? goods : paid(sums);
}

/** Cash that goes back to the guest: what was paid beyond the goods, as far as cash was paid. */
function changeOf(check: CheckDocument, sums: CheckSums): number {
  return Math.max(0, Math.min(sums.cash, paid(sums) - checkSum(check, sums)));
}

function paid({ cash, electronic, advance, credit, provision }: CheckSums): number {
  return cash + electronic + advance + credit + provision;
}

function counted(counter: Counter, check: CheckDocument, { sums, corrects }: { readonly sums: CheckSums; readonly corrects: boolean }): Counter {
  const sum = checkSum(check, sums);
  const taken = { ...sums, cash: sums.cash - changeOf(check, sums) };
  const names = ['cash', 'electronic', 'advance', 'credit', 'provision'] as const;
  const taxes = { ...counter.taxes };
  for (const { amount, tax } of check.goods) {
    const { name, part } = taxOf(tax);
    taxes[name] += Math.round(amount * part);
  }
  return {
    count: counter.count + 1,
    sum: counter.sum + sum,
    sums: Object.fromEntries(names.map((name) => [name, counter.sums[name] + taken[name]])) as unknown as CheckSums,
    taxes,
    correctionsCount: counter.correctionsCount + (corrects ? 1 : 0),
    correctionsSum: counter.correctionsSum + (corrects ? sum : 0),
  };
}

/** Which counter a line's tax is counted in, and what part of its amount it is. Rates without a counter of their own count as none. */
function taxOf(tax: number | null): { readonly name: TaxName; readonly part: number } {
  switch (tax) {
    case 18:
    case 20:
      return { name: 'Tax20', part: tax / (100 + tax) };
    case 10:
      return { name: 'Tax10', part: 10 / 110 };
    case 0:
      return { name: 'Tax0', part: 1 };
    case 118:
    case 120:
      return { name: 'Tax120', part: (tax - 100) / tax };
    case 110:
      return { name: 'Tax110', part: 10 / 110 };
    default:
      return { name: 'TaxNo', part: 1 };
  }
}
