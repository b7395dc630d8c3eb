import { controls } from './harness/controls';
import type { Control } from './harness/defects';
import { drawPlan } from './harness/plan';
import { writeReport } from './harness/report';
import { runPlan } from './harness/run-plan';
import { shrink } from './harness/shrink';

/** How many seeds are tried when the known one no longer catches, because histories have changed. */
const seedsMax = 120;

/** Which seed caught a control, and by what. */
interface Caught {
  readonly seed: number;
  readonly violation: string;
}

async function caughtBy(control: Control): Promise<Caught | null> {
  const others = Array.from({ length: seedsMax }, (_, n) => n + 1);
  for (const seed of [control.seed, ...others]) {
    const { violations } = await runPlan((control.draw ?? drawPlan)(seed), control.defect);
    const violation = violations.find((text) => control.caught.test(text));
    if (violation !== undefined) return { seed, violation };
  }
  return null;
}

describe('planted defects', () => {
  const found: object[] = [];
  afterAll(() => {
    writeReport('controls', found);
  });

  it.each(controls.map((control) => [control.name, control] as const))('catches that %s', async (_name, control) => {
    const caught = await caughtBy(control);
    const { clause, name, seed } = control;
    found.push({ clause, name, knownSeed: seed, caught });
    expect(caught?.violation).toMatch(control.caught);
  });

  it('shrinks a history that breaks something to what is needed for it', async () => {
    const doubted = controls.find(({ clause }) => clause === 5);
    if (!doubted) throw new Error('There is no such control.');
    const plan = (doubted.draw ?? drawPlan)(doubted.seed);
    const { plan: smallest, violations } = await shrink(plan, doubted.defect);
    expect(violations.length).toBeGreaterThan(0);
    expect(smallest.faults.length).toBeLessThan(plan.faults.length);
    expect(smallest.payments.length).toBeLessThan(plan.payments.length);
    expect((await runPlan(smallest, doubted.defect)).violations).toEqual(violations);
  });

  it('finds nothing to say about the seeds that catch them when nothing is planted', async () => {
    for (const { seed, draw = drawPlan } of controls) expect((await runPlan(draw(seed))).violations).toEqual([]);
  });
});
