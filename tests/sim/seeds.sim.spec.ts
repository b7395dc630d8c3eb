import { drawPlan } from './harness/plan';
import type { Plan } from './harness/plan';
import { writeReport } from './harness/report';
import { runPlan } from './harness/run-plan';
import type { RunReport } from './harness/run-plan';
import { drawSbpPlan, planOf } from './harness/draw-sbp-plan';
import { shrink } from './harness/shrink';
import { readSimSettings } from './harness/sim.config';

const { seconds, firstSeed } = readSimSettings();

/** What a failing seed says: the smallest history found that still fails, to be run again by its seed. */
async function explain(plan: Plan, report: RunReport): Promise<string> {
  const smallest = await shrink(plan);
  const file = writeReport(`failing-${plan.seed}`, { seed: plan.seed, report, smallest });
  const causes = JSON.stringify({ payments: smallest.plan.payments, faults: smallest.plan.faults, sbp: smallest.plan.sbp });
  return `Seed ${plan.seed} breaks: ${report.violations.join('; ')}\nShrunk in ${smallest.runs} runs to ${causes}: ${smallest.violations.join('; ')}\nSee ${file}; again with KKM_SIM_SEED=${plan.seed}.`;
}

describe('payments under every crash and fault, from a seed', () => {
  it('repeats a whole history from its seed', async () => {
    const [first, second, other] = [await runPlan(drawPlan(42)), await runPlan(drawPlan(42)), await runPlan(drawPlan(43))];
    expect(second).toEqual(first);
    expect(other.history).not.toBe(first.history);
    expect(await runPlan(drawSbpPlan(42))).toEqual(await runPlan(drawSbpPlan(42)));
  });

  it('has guests who pay by SBP in every third seed, and leaves the others as they are', () => {
    expect([1, 2, 3, 4, 5, 6].map((seed) => planOf(seed).sbp !== undefined)).toEqual([false, false, true, false, false, true]);
    expect([planOf(1), planOf(3)]).toEqual([drawPlan(1), drawSbpPlan(3)]);
    const plans = Array.from({ length: 200 }, (_, n) => drawSbpPlan(n + 1));
    const planned = plans.flatMap(({ payments }) => payments.flatMap(({ sbp }) => sbp ?? []));
    expect(new Set(planned.map(({ method }) => method))).toEqual(new Set(['sbp_qr', 'card_or_sbp_qr']));
    const ways = new Set(plans.flatMap(({ sbp }) => sbp?.ways.map((way) => (way.by === 'bank_qr' ? way.guestSwitch : way.by)) ?? []));
    expect(ways).toEqual(new Set(['cancel_key', undefined, 'terminal']));
    expect(planned.some(({ leavesCard }) => leavesCard.some((afterMs) => afterMs !== null))).toBe(true);
    const confirmed = planned.flatMap(({ guests }) => guests.map(({ confirms }) => (confirms?.from === 'end' ? confirms.afterMs : null)));
    expect(confirmed).toEqual(expect.arrayContaining([-1_000, 1_000, null]));
    const flights = new Set(planned.flatMap(({ guests }) => guests.map(({ flightMs }) => flightMs)));
    expect([600_000, 71 * 3_600_000].every((ms) => flights.has(ms))).toBe(true);
    const kinds = new Set(plans.flatMap(({ sbp }) => sbp?.faults.map((fault) => (fault.kind === 'call' ? fault.fault.how : fault.kind)) ?? []));
    expect(kinds).toEqual(new Set(['lost-before', 'lost-after', 'down', 'slow', 'behaviour', 'forged']));
  });

  it('draws plans that have enough in them', () => {
    const plans = Array.from({ length: 200 }, (_, n) => drawPlan(n + 1));
    expect(Math.min(...plans.map(({ payments }) => payments.length))).toBeGreaterThanOrEqual(4);
    expect(Math.min(...plans.map(({ faults }) => faults.length))).toBeGreaterThanOrEqual(3);
    expect(new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size).toBe(13);
  });

  it(
    `charges nobody twice and loses no charge in ${seconds} s of seeds`,
    async () => {
      const begunMs = performance.now();
      const begunCpu = process.cpuUsage();
      const steps: number[] = [];
      const statuses: Record<string, number> = {};
      const happened: Record<string, number> = {};
      const people: Record<string, number> = {};
      const returns: Record<string, number> = {};
      const sbp: Record<string, number> = {};
      let seed = firstSeed;
      for (; performance.now() - begunMs < seconds * 1_000; seed += 1) {
        const plan = planOf(seed);
        const report = await runPlan(plan);
        if (report.violations.length > 0) throw new Error(await explain(plan, report));
        steps.push(report.steps);
        for (const status of report.statuses) statuses[status] = (statuses[status] ?? 0) + 1;
        for (const said of report.people) people[said] = (people[said] ?? 0) + 1;
        for (const kind of report.returns) returns[kind] = (returns[kind] ?? 0) + 1;
        for (const what of report.sbp) sbp[what] = (sbp[what] ?? 0) + 1;
        for (const kind of report.happened) happened[kind] = (happened[kind] ?? 0) + 1;
      }
      const tookMs = performance.now() - begunMs;
      const cpu = process.cpuUsage(begunCpu);
      const total = steps.reduce((sum, count) => sum + count, 0);
      const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
      const stepsPerSecond = Math.round((total / tookMs) * 1_000);
      const stepsPerCpuSecond = Math.round((total / (cpu.user + cpu.system)) * 1_000_000);
      writeReport('seeds', {
        firstSeed,
        seeds: steps.length,
        steps: total,
        stepsPerSecond,
        stepsPerCpuSecond,
        medianSteps: median,
        statuses,
        happened,
        people,
        returns,
        sbp,
      });
      expect(median).toBeGreaterThanOrEqual(150);
      expect(statuses['succeeded']).toBeGreaterThan(0);
      expect(returns['void approved']).toBeGreaterThan(0);
      expect(sbp['paid']).toBeGreaterThan(0);
      expect(sbp['left for sbp_qr']).toBeGreaterThan(0);
    },
    (seconds + 120) * 1_000,
  );
});
