import type { Behaviour } from '../../e2e/harness/virtual-terminal';

/** What the guest, the terminal and the bank do with a sale. The terminal never answers in two ways: nothing was charged, or the answer was lost. */
export const answers = ['approves', 'declines', 'never answers', 'charges and never answers', 'answers late'] as const;

/** What the terminal says by itself. */
export type CardAnswer = (typeof answers)[number];

/** What becomes of a bank's QR. Who never scans is cancelled by the cashier, who scans too late, too: the bank takes his money afterwards. `sees no code`: the answer to its making is lost. */
export const guests = ['scans', 'never scans', 'scans too late', 'sees no code'] as const;

/** One of {@link guests}. */
export type Guest = (typeof guests)[number];

/** What becomes of one payment, by card or by QR. */
export type Answer = CardAnswer | Guest;

/** Whether the payment goes by a bank's QR. */
export function isGuest(answer: Answer): answer is Guest {
  return (guests as readonly Answer[]).includes(answer);
}

/** The guests whose code the bank's answer brought. */
export const told: readonly Guest[] = ['scans', 'never scans', 'scans too late'];

/** The guests whose QR is cancelled. */
export const unpaid: readonly Guest[] = ['never scans', 'scans too late'];

/** The answers that leave an attempt in doubt although nobody crashes. */
export const doubtful: readonly CardAnswer[] = ['never answers', 'charges and never answers', 'answers late'];

/** The answers that a worker hears. */
export const heard: readonly CardAnswer[] = ['approves', 'declines'];

/** The guest acts so that every worker has heard its answer, or given it up, at about the same moment: 1 s after the bytes. */
export const behaviours: Readonly<Record<Answer, Behaviour>> = {
  approves: { auto: 'approve', delayMs: 950 },
  declines: { auto: 'decline', delayMs: 950 },
  'never answers': { auto: 'approve', delayMs: 950, faults: ['silent'] },
  'charges and never answers': { auto: 'approve', delayMs: 950, faults: ['drop_after_approval'] },
  // The bank takes the money at once; the worker has given up for two seconds when the answer comes.
  'answers late': { auto: 'approve', delayMs: 50, faults: ['late_result(3000)'] },
  // A terminal only shows a bank's QR.
  scans: { auto: 'none' },
  'never scans': { auto: 'none' },
  'scans too late': { auto: 'none' },
  'sees no code': { auto: 'none' },
};

/** The same while the cable is pulled for so long that a person decides before the terminal is heard again: nothing was charged, or the money is there. */
export const unplugged: Readonly<Partial<Record<Answer, Behaviour>>> = {
  'never answers': { auto: 'none', faults: ['unplug(7000)'] },
  'charges and never answers': { auto: 'approve', delayMs: 50, faults: ['unplug(7000)'] },
};

/** The profile of the terminals: idle 2 s, hard limit 5 s. No acknowledgement or no first answer within a second is silence. The cancel key lets a guest change over. */
export const profile = {
  timeouts: { ackMs: 1_000, firstAnswerMs: 1_000, idleMs: 2_000, hardMs: 5_000 },
  cardWaitMs: 2_000,
  sbp: { by: 'bank_qr', guestSwitch: 'cancel_key' },
} as const;
