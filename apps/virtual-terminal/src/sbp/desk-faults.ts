/** Faults of the SBP bank without a number. */
export const plainDeskFaults = ['create_lost', 'create_refused', 'notifications_off', 'notify_twice', 'refund_declined', 'refund_lost'] as const;

/** Faults that take a number in parentheses, with the most it may be: milliseconds, or how often. */
export const countedDeskFaults = { down: 600_000, status_unavailable: 1_000, cancel_ignored: 1_000, refund_slow: 1_000 } as const;

/** A fault by name, its number 1 where it takes none. */
export interface DeskFault {
  readonly name: (typeof plainDeskFaults)[number] | keyof typeof countedDeskFaults;
  readonly value: number;
}

/** Reads `create_lost` or `down(2000)`; otherwise says in a sentence what is wrong. */
export function parseDeskFault(text: string): DeskFault | string {
  const [, name = '', number] = /^([a-z_]+)(?:\((\d{1,6})\))?$/.exec(text.trim()) ?? [];
  const plain = plainDeskFaults.find((known) => known === name);
  if (plain) return number === undefined ? { name: plain, value: 1 } : `${name} takes no number.`;
  const counted = (Object.keys(countedDeskFaults) as (keyof typeof countedDeskFaults)[]).find((known) => known === name);
  const names = [...plainDeskFaults, ...Object.keys(countedDeskFaults).map((known) => `${known}(n)`)].join(', ');
  if (!counted) return `There is no fault "${text}" of the SBP bank; there are: ${names}.`;
  const value = Number(number ?? 0);
  return value >= 1 && value <= countedDeskFaults[counted] ? { name: counted, value } : `The number of ${name} is 1 to ${countedDeskFaults[counted]}.`;
}

/** Writes a fault as {@link parseDeskFault} reads it. */
export function formatDeskFault({ name, value }: DeskFault): string {
  return name in countedDeskFaults ? `${name}(${value})` : name;
}

/** The faults of a bank's desk: each fires once, or `n` times, unless they stick. */
export class DeskFaults {
  private faults: DeskFault[] = [];
  private sticky = false;

  /** Replaces what has not fired. */
  set(faults: readonly DeskFault[], sticky: boolean): void {
    this.faults = [...faults];
    this.sticky = sticky;
  }

  /** What has not fired yet. */
  get left(): readonly DeskFault[] {
    return this.faults;
  }

  /** Whether such a fault is to be shown now. */
  fires(name: DeskFault['name']): boolean {
    return this.take(name) !== null;
  }

  /** The number of such a fault, which has fired as a whole; null when there is none. */
  take(name: DeskFault['name']): number | null {
    const at = this.faults.findIndex((fault) => fault.name === name);
    const fault = this.faults[at];
    if (!fault) return null;
    if (this.sticky) return fault.value;
    const isRepeated = name === 'status_unavailable' || name === 'cancel_ignored';
    if (isRepeated && fault.value > 1) this.faults[at] = { name, value: fault.value - 1 };
    else this.faults.splice(at, 1);
    return fault.value;
  }
}
