import { drawPlan } from './plan';
import type { Plan, PlannedFault } from './plan';
import { Seeded } from './seeded';

/** Draws histories in which one kind of trouble is frequent, for defects that need a rare coincidence to show. Everything else is as in {@link drawPlan}. */
export type Focus = (seed: number) => Plan;

const withFaults = (seed: number, faultsOf: (plan: Plan, random: Seeded) => readonly PlannedFault[]): Plan => {
  const plan = drawPlan(seed);
  return { ...plan, faults: faultsOf(plan, new Seeded(seed + 7)) };
};

/** Workers freeze again and again while they handle something. */
export const freezing: Focus = (seed) =>
  withFaults(seed, (_plan, random) =>
    Array.from({ length: 8 }, () => ({
      kind: 'freeze-soon',
      process: random.pick(['worker-1', 'worker-2'] as const),
      operation: random.whole(20, 400),
      forMs: random.whole(9_000, 40_000),
    })),
  );

/** All payments come to one terminal at once, whose guests are slow and whose workers freeze. */
export const crowding: Focus = (seed) => {
  const random = new Seeded(seed + 11);
  const plan = withFaults(seed, (_plan, chance) => [
    { kind: 'terminal', terminal: 0, atMs: 0, faults: [], guest: chance.pick(['none', 'approve'] as const) },
    { kind: 'freeze', process: 'worker-1', atMs: chance.whole(10_000, 20_000), forMs: chance.whole(20_000, 60_000) },
    { kind: 'freeze', process: 'worker-2', atMs: chance.whole(10_000, 40_000), forMs: chance.whole(20_000, 60_000) },
    { kind: 'restart-broker', atMs: chance.whole(15_000, 40_000) },
  ]);
  return {
    ...plan,
    payments: plan.payments.map((payment) => ({ ...payment, terminal: 0, atMs: random.whole(9_000, 16_000), cancelAtMs: null, expiresInSeconds: 180 })),
  };
};

/** Every payment is approved and not heard of, the cable is cut, and meanwhile staff settles the terminal by hand. */
export const settling: Focus = (seed) =>
  withFaults(seed, ({ payments }, random) =>
    payments.flatMap(({ terminal, atMs }): PlannedFault[] => [
      { kind: 'terminal', terminal, atMs: Math.max(0, atMs - 5), faults: ['drop_after_approval'], guest: 'approve' },
      { kind: 'cable', terminal, atMs: atMs + random.whole(3_100, 3_600), forMs: random.whole(6_000, 9_000) },
      { kind: 'by-hand', terminal, atMs: atMs + random.whole(4_000, 9_000), amount: null },
    ]),
  );

/** Every payment is approved and not heard of, and the cable is away for longer than a delivery is held. */
export const parting: Focus = (seed) =>
  withFaults(seed, ({ payments }, random) =>
    payments.flatMap(({ terminal, atMs }): PlannedFault[] => [
      { kind: 'terminal', terminal, atMs: Math.max(0, atMs - 5), faults: ['drop_after_approval'], guest: 'approve' },
      { kind: 'cable', terminal, atMs: atMs + random.whole(3_100, 3_600), forMs: random.whole(22_000, 40_000) },
    ]),
  );
