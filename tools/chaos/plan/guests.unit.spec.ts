import { parseFault } from '@kkm/drivers/terminals';
import { Guests } from './guests';
import { FaultBag, faultText, saleFaults } from './sale-faults';
import { Seeded } from './seeded';

const come = (seed: number, count: number) => {
  const guests = new Guests(new Seeded(seed));
  return Array.from({ length: count }, () => guests.arrive());
};

describe('the guests of a campaign', () => {
  it('are the same for the same seed and others for another', () => {
    expect(come(7, 50)).toEqual(come(7, 50));
    expect(come(7, 50)).not.toEqual(come(8, 50));
  });

  it('meet a faulty terminal more than one time in five, and never the same order twice', () => {
    const guests = come(1, 2_000);
    expect(guests.filter(({ fault }) => fault !== null).length / 2_000).toBeGreaterThan(0.2);
    expect(new Set(guests.map(({ orderId }) => orderId)).size).toBe(2_000);
  });
});

describe('the faults of a campaign', () => {
  it('are those that the virtual terminal knows', () => {
    for (const fault of saleFaults) expect(parseFault(faultText(fault, new Seeded(1), 15_000))).toMatchObject({ name: fault });
  });

  it('are dealt out evenly, and dealt again when they did not fire', () => {
    const bag = new FaultBag(new Seeded(1));
    const dealt = saleFaults.map(() => bag.deal());
    expect(new Set(dealt)).toEqual(new Set(saleFaults));
    bag.giveBack('silent');
    expect(bag.deal()).toBe('silent');
  });
});
