import type { Seeded } from './seeded';

/** Faults of a terminal that concern a sale (design chapter 8), without those that only a QR display can show. */
export const saleFaults = [
  'read_failures',
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
  'late_result',
  'reboot',
  'unplug',
  'slow_bank',
  'host_unreachable',
  'foreign_sale',
  'partial_approval',
  'unknown_status',
] as const;
/** One of {@link saleFaults}. */
export type SaleFault = (typeof saleFaults)[number];

/** The fault as the virtual terminal takes it, with a number from the seed where it needs one. */
export function faultText(fault: SaleFault, seeded: Seeded, amountMinor: number): string {
  switch (fault) {
    case 'read_failures':
      return `read_failures(${seeded.whole(1, 2)})`; // A third one in a row ends the attempt; two are asked again.
    case 'late_result':
      return `late_result(${seeded.whole(500, 2_500)})`; // Some within the worker's patience, some beyond it.
    case 'unplug':
      return `unplug(${seeded.whole(300, 2_000)})`;
    case 'slow_bank':
      return `slow_bank(${seeded.whole(500, 2_000)})`;
    case 'partial_approval':
      return `partial_approval(${Math.floor(amountMinor / 2)})`;
    default:
      return fault;
  }
}

/** Deals every fault once before any comes again; one that did not fire is dealt again first. */
export class FaultBag {
  private readonly waiting: SaleFault[] = [];

  constructor(private readonly seeded: Seeded) {}

  /** The next fault. */
  deal(): SaleFault {
    if (this.waiting.length === 0) this.waiting.push(...this.seeded.shuffled(saleFaults));
    return this.waiting.shift() ?? saleFaults[0];
  }

  /** Puts back what was dealt and did not fire. */
  giveBack(fault: SaleFault): void {
    this.waiting.unshift(fault);
  }
}
