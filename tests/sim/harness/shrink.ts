import type { Defect } from './defects';
import type { Plan } from './plan';
import { runPlan } from './run-plan';

/** A plan that still fails, as small as trying found. */
export interface Shrunk {
  readonly plan: Plan;
  readonly violations: readonly string[];
  readonly runs: number;
}

const runsMax = 240;

/** Leaving something out shifts every later small choice; so each smaller plan is tried with a few seeds of those. */
const choicesMax = 4;

/** Leaves out faults and payments one by one while the history still breaks something, until nothing more can go or enough was tried. */
export async function shrink(failing: Plan, defect: Defect = {}): Promise<Shrunk> {
  let best: Shrunk = { plan: failing, violations: (await runPlan(failing, defect)).violations, runs: 1 };
  for (let changed = true; changed && best.runs < runsMax;) {
    changed = false;
    for (const smaller of smallerThan(best.plan)) {
      if (best.runs >= runsMax) break;
      const found = await failingVariant(smaller, defect);
      best = { ...best, ...found.failing, runs: best.runs + found.runs };
      if (!found.failing) continue;
      changed = true;
      break;
    }
  }
  return best;
}

async function failingVariant(plan: Plan, defect: Defect): Promise<{ readonly failing: Omit<Shrunk, 'runs'> | null; readonly runs: number }> {
  for (let runs = 1; runs <= choicesMax; runs += 1) {
    const variant = { ...plan, seed: plan.seed + runs - 1 };
    const { violations } = await runPlan(variant, defect);
    if (violations.length > 0) return { failing: { plan: variant, violations }, runs };
  }
  return { failing: null, runs: choicesMax };
}

function smallerThan(plan: Plan): readonly Plan[] {
  return [
    ...plan.faults.map((_, at) => ({ ...plan, faults: plan.faults.filter((_fault, n) => n !== at) })),
    ...withFewerBankFaults(plan),
    ...plan.payments.map((_, at) => ({ ...plan, payments: plan.payments.filter((_payment, n) => n !== at) })).filter(({ payments }) => payments.length > 0),
    ...plan.payments.flatMap((payment, at) =>
      payment.redoAtMs.length > 0 || payment.cancelAtMs !== null || payment.giveBack.length > 0 || payment.person !== null
        ? [
            {
              ...plan,
              payments: plan.payments.map((other, n) => (n === at ? { ...payment, redoAtMs: [], cancelAtMs: null, giveBack: [], person: null } : other)),
            },
          ]
        : [],
    ),
  ];
}

function withFewerBankFaults({ sbp, ...plan }: Plan): readonly Plan[] {
  if (!sbp) return [];
  const fewer = sbp.faults.map((_, at) => ({ ...plan, sbp: { ...sbp, faults: sbp.faults.filter((_fault, n) => n !== at) } }));
  return sbp.nightMs > 0 ? [{ ...plan, sbp: { ...sbp, nightMs: 0 } }, ...fewer] : fewer;
}
