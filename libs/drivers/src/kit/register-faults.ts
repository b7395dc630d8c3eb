/** Faults of the fiscal register without a number. Each fires once, but `out_of_paper`, which lasts until it is replaced. */
export const plainRegisterFaults = ['lose_request', 'lose_answer', 'forget', 'refuse_61', 'shift_overdue', 'out_of_paper', 'running'] as const;

/** Faults that take a number in parentheses, with the most it may be: how many requests, or milliseconds. */
export const countedRegisterFaults = { down: 1_000, slow: 60_000 } as const;

/** A fault by name, its number 1 where it takes none. */
export interface RegisterFault {
  readonly name: (typeof plainRegisterFaults)[number] | keyof typeof countedRegisterFaults;
  readonly value: number;
}

/** Reads `lose_answer` or `down(3)`; otherwise says in a sentence what is wrong. */
export function parseRegisterFault(text: string): RegisterFault | string {
  const [, name = '', number] = /^([a-z_0-9]+)(?:\((\d{1,5})\))?$/.exec(text.trim()) ?? [];
  const plain = plainRegisterFaults.find((known) => known === name);
  if (plain) return number === undefined ? { name: plain, value: 1 } : `${name} takes no number.`;
  const counted = (Object.keys(countedRegisterFaults) as (keyof typeof countedRegisterFaults)[]).find((known) => known === name);
  const names = [...plainRegisterFaults, ...Object.keys(countedRegisterFaults).map((known) => `${known}(n)`)].join(', ');
  if (!counted) return `There is no fault "${text}" of the fiscal register; there are: ${names}.`;
  const value = Number(number ?? 0);
  return value >= 1 && value <= countedRegisterFaults[counted] ? { name: counted, value } : `The number of ${name} is 1 to ${countedRegisterFaults[counted]}.`;
}

/** What is to go wrong at the register. */
export class RegisterFaults {
  private faults: RegisterFault[] = [];

  /** Replaces what has not fired. */
  set(faults: readonly RegisterFault[]): void {
    this.faults = [...faults];
  }

  /** Whether such a fault waits. */
  has(name: RegisterFault['name']): boolean {
    return this.faults.some((fault) => fault.name === name);
  }

  /** The number of such a fault, which has fired; one that counts requests waits for the next until it is used up. Null when there is none. */
  take(name: RegisterFault['name']): number | null {
    const at = this.faults.findIndex((fault) => fault.name === name);
    const fault = this.faults[at];
    if (!fault) return null;
    if (name === 'down' && fault.value > 1) this.faults[at] = { name, value: fault.value - 1 };
    else this.faults.splice(at, 1);
    return fault.value;
  }

  /** Whether such a fault is to be shown now. */
  fires(name: RegisterFault['name']): boolean {
    return this.take(name) !== null;
  }
}
