import type { SaleFault } from './sale-faults';
import type { Seeded } from './seeded';

/** What is done to a running system, besides the faults of its terminals. */
export const strikeKinds = [
  'kill-gateway',
  'kill-ledger',
  'kill-worker',
  'freeze-gateway',
  'freeze-ledger',
  'freeze-worker',
  'restart-rabbitmq',
  'restart-postgres',
  'cut-terminal-link',
  'silence-terminal-link',
  'cut-broker-link',
  'delay-messages',
] as const;
/** One of {@link strikeKinds}. */
export type StrikeKind = (typeof strikeKinds)[number];

/** One blow as the seed has it. Which terminal or worker it falls on is decided when it falls, among those that then hold a permit. */
export interface PlannedStrike {
  readonly kind: StrikeKind;
  /** After the load began; later when the strike before it is not over. */
  readonly atMs: number;
  /** How long a process stays dead or frozen, a link cut, silent or slow. */
  readonly forMs: number;
  /** From 0 to below 1: picks the target among those possible. */
  readonly draw: number;
  /** By how much `delay-messages` delays each message. */
  readonly delayMs: number;
}

/** A sequence of strikes: the next waits until the one before is over. Different tracks run side by side. */
export type Track = readonly PlannedStrike[];

/** Kinds that share a track, and how often it strikes in a long run. */
const tracks: readonly { readonly kinds: readonly StrikeKind[]; readonly everyMs: number }[] = [
  { kinds: ['restart-rabbitmq', 'restart-postgres', 'kill-ledger', 'freeze-ledger'], everyMs: 9_000 },
  { kinds: ['kill-gateway', 'freeze-gateway'], everyMs: 15_000 },
  { kinds: ['kill-worker', 'freeze-worker'], everyMs: 12_000 },
  { kinds: ['cut-terminal-link', 'silence-terminal-link', 'cut-broker-link', 'delay-messages'], everyMs: 4_000 },
];

/** Nothing falls while the first guests come in and while the last ones leave. */
const calmMs = 1_500;
/** From this length on a run must show all that is asked of a run. */
export const fullRunSeconds = 150;

/** What every full run must show of each kind. */
const hitsRequired = 5;

/**
 * How often something must have hit a live permit. A short run cannot kill what everything stands on five times and still take payments:
 * RabbitMQ takes up to ten seconds to be back, Postgres, the ledger and the gateway up to three.
 */
export function requiredHits(what: StrikeKind | SaleFault, seconds: number): number {
  return Math.max(1, Math.min(hitsRequired, Math.floor(seconds / secondsEach(what))));
}

function secondsEach(what: StrikeKind | SaleFault): number {
  switch (what) {
    case 'restart-rabbitmq':
      return 30;
    case 'restart-postgres':
    case 'kill-ledger':
    case 'freeze-ledger':
    case 'kill-gateway':
    case 'freeze-gateway':
      return 20;
    default:
      return 12;
  }
}

/** The whole schedule of a run. Every kind comes at least as often as required. */
export function planStrikes(seconds: number, seeded: Seeded): readonly Track[] {
  return tracks.map(({ kinds, everyMs }) => planTrack(kinds, { seconds, everyMs, seeded }));
}

/** One more strike of a kind, for when an earlier one hit nothing. */
export function oneMore(kind: StrikeKind, seconds: number, seeded: Seeded): PlannedStrike {
  return { kind, atMs: 0, forMs: durationOf(kind, seconds, seeded), draw: seeded.unit(), delayMs: seeded.whole(20, 300) };
}

function planTrack(kinds: readonly StrikeKind[], { seconds, everyMs, seeded }: { seconds: number; everyMs: number; seeded: Seeded }): Track {
  const roomMs = Math.max(0, seconds * 1_000 - 2 * calmMs);
  const usual = Math.floor(roomMs / everyMs / kinds.length);
  const order = seeded.shuffled(kinds.flatMap((kind) => Array.from({ length: Math.max(usual, requiredHits(kind, seconds)) }, () => kind)));
  const apartMs = roomMs / order.length;
  return order.map((kind, index) => {
    const atMs = Math.round(calmMs + apartMs * (index + seeded.unit() * 0.8));
    return { ...oneMore(kind, seconds, seeded), atMs };
  });
}

/** A frozen worker loses its place among its peers after 7 s and its leases after 20 s; a long run tries what comes then. */
function durationOf(kind: StrikeKind, seconds: number, seeded: Seeded): number {
  switch (kind) {
    case 'kill-gateway':
    case 'kill-ledger':
    case 'kill-worker':
      return seeded.whole(50, 600);
    case 'freeze-worker': {
      const longest = seconds >= 180 && seeded.chance(0.25) ? 25_000 : 3_000;
      return longest === 25_000 ? seeded.whole(9_000, longest) : seeded.whole(300, longest);
    }
    case 'freeze-gateway':
    case 'freeze-ledger':
      return seeded.whole(300, 1_500);
    case 'restart-rabbitmq':
    case 'restart-postgres':
      return 0; // As long as they take.
    case 'cut-terminal-link':
    case 'silence-terminal-link':
      return seeded.whole(300, 3_000);
    case 'cut-broker-link':
      return seeded.whole(100, 1_500);
    case 'delay-messages':
      return seeded.whole(1_000, 3_000);
  }
}
