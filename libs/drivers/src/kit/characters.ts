import type { Fault } from './faults';

/** Kinds of terminals as the field knows them, each with its usual troubles. */
export const characters = ['good_lan', 'flaky_usb', 'slow_bank', 'freezes', 'loses_answers', 'bad_reader'] as const;
/** One of {@link characters}. */
export type Character = (typeof characters)[number];

/** What a terminal may be asked that its character can spoil. */
export type SpoiltOperation = 'sale' | 'return' | 'qr';

/** A trouble, how likely it is each time, and what it spoils. */
interface Trouble {
  readonly fault: Fault;
  /** Of 1. */
  readonly chance: number;
  readonly spoils: readonly SpoiltOperation[];
}

const money = ['sale', 'return'] as const;

const troubles: Readonly<Record<Character, readonly Trouble[]>> = {
  good_lan: [],
  // A worn cable: bits turn, and now and then the terminal is away for a moment in the middle of an operation.
  flaky_usb: [
    { fault: { name: 'unplug', value: 1_500 }, chance: 0.15, spoils: money },
    { fault: { name: 'bad_crc_once', value: 0 }, chance: 0.3, spoils: money },
  ],
  // Only authorisations wait for the issuer; what is given back is noted by the acquirer.
  slow_bank: [{ fault: { name: 'slow_bank', value: 16_000 }, chance: 1, spoils: ['sale'] }],
  // It does not hear what is asked, or starts anew in the middle of it.
  freezes: [
    { fault: { name: 'silent', value: 0 }, chance: 0.2, spoils: ['sale', 'return', 'qr'] },
    { fault: { name: 'reboot', value: 0 }, chance: 0.2, spoils: money },
  ],
  // The bank has answered, and the register does not hear of it.
  loses_answers: [
    { fault: { name: 'drop_after_approval', value: 0 }, chance: 0.25, spoils: money },
    { fault: { name: 'drop_mid_result', value: 0 }, chance: 0.25, spoils: money },
  ],
  bad_reader: [{ fault: { name: 'read_failures', value: 1 }, chance: 0.25, spoils: ['sale'] }],
};

/** The troubles that an operation meets: at most one, drawn by `random` (0 to 1), the first that comes up. */
export function drawTroubles(character: Character, operation: SpoiltOperation, random: () => number): readonly Fault[] {
  const found = troubles[character].filter(({ spoils }) => spoils.includes(operation)).find(({ chance }) => random() < chance);
  return found ? [found.fault] : [];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
