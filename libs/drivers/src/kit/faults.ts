/** Faults without a number (design chapter 8). */
export const plainFaults = [
  'drop_before_ack',
  'drop_after_ack',
  'drop_after_approval',
  'drop_mid_result',
  'silent',
  'nak_once',
  'bad_crc_once',
  'split_bytes',
  'coalesce',
  'duplicate_result',
  'reboot',
  'host_unreachable',
  'foreign_sale',
  'unknown_status',
] as const;

/** Faults that take a number in parentheses, with the most it may be: times, milliseconds, or an amount in minor units. */
export const countedFaults = {
  read_failures: 100,
  late_result: 600_000,
  unplug: 600_000,
  slow_bank: 600_000,
  qr_paid_after_expiry: 600_000,
  partial_approval: 99_999_999,
} as const;

/** A fault by name, its number 0 where it takes none. */
export interface Fault {
  readonly name: (typeof plainFaults)[number] | keyof typeof countedFaults;
  readonly value: number;
}

/** Reads `silent` or `read_failures(2)`; otherwise says in a sentence what is wrong. */
export function parseFault(text: string): Fault | string {
  const [, name = '', number] = /^([a-z_]+)(?:\((\d{1,9})\))?$/.exec(text.trim()) ?? [];
  const plain = plainFaults.find((known) => known === name);
  if (plain) return number === undefined ? { name: plain, value: 0 } : `${name} takes no number.`;
  const counted = (Object.keys(countedFaults) as (keyof typeof countedFaults)[]).find((known) => known === name);
  if (!counted) return `There is no fault "${text}"; there are: ${[...plainFaults, ...Object.keys(countedFaults).map((known) => `${known}(n)`)].join(', ')}.`;
  if (number === undefined) return `${name} needs a number, for example ${name}(1).`;
  const value = Number(number);
  return value >= 1 && value <= countedFaults[counted] ? { name: counted, value } : `The number of ${name} is 1 to ${countedFaults[counted]}.`;
}

/** Writes a fault as {@link parseFault} reads it. */
export function formatFault(fault: Fault): string {
  return fault.name in countedFaults ? `${fault.name}(${fault.value})` : fault.name;
}
