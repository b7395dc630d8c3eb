import { scenarios } from '../kit/conformance';
import { brokenDrivers } from './testing/broken-drivers';
import { inpasSubject } from './testing/subject';

describe('the INPAS SA driver against its terminal', () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    expect(await scenario.run(inpasSubject)).toEqual([]);
  });
});

describe('the conformance suite', () => {
  it.each(brokenDrivers.map(({ fault, driver }) => [fault, driver] as const))('finds a driver that %s', async (_fault, driver) => {
    const findings: string[] = [];
    for (const scenario of scenarios) findings.push(...(await scenario.run({ ...inpasSubject, driver })));
    expect(findings).not.toEqual([]);
  });
});
