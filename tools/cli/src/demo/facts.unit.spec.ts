import type { Fact } from './facts';
import { SeenFacts } from './facts';

const screen = (state: string): Fact => ({ kind: 'screen', screen: { state, lines: [], qr: null } });
const shows =
  (state: string) =>
  (fact: Fact): boolean =>
    fact.kind === 'screen' && fact.screen.state === state;
const wait = { since: 0, withinMs: 1_000, what: 'the screen' };

describe('the facts a demo has seen', () => {
  it('tells when a fact was seen that came before anybody asked', async () => {
    let now = 5;
    const facts = new SeenFacts(() => now);
    facts.add(screen('card'));
    now = 9;
    facts.add(screen('busy'));
    expect((await facts.next(shows('card'), wait)).atMs).toBe(5);
  });

  it('waits for one that has not come yet', async () => {
    const facts = new SeenFacts(() => 7);
    const coming = facts.next(shows('approved'), wait);
    facts.add(screen('busy'));
    facts.add(screen('approved'));
    expect((await coming).atMs).toBe(7);
  });

  it('looks only from the given place on', async () => {
    let now = 0;
    const facts = new SeenFacts(() => (now += 1));
    facts.add(screen('card'));
    const coming = facts.next(shows('card'), { ...wait, since: 1 });
    facts.add(screen('card'));
    expect((await coming).atMs).toBe(2);
  });

  it('says what did not come', async () => {
    await expect(new SeenFacts(() => 0).next(shows('card'), { ...wait, withinMs: 1 })).rejects.toThrow('the screen did not come');
  });
});
