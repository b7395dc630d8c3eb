import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from '@kkm/testkit';
import { claims, readControls } from './harness/model-controls';
import type { ModelControl } from './harness/model-controls';
import { searchModel } from './harness/search-model';
import type { ModelFinding } from './harness/search-model';

/** The trails of counter-examples, to be read. */
const folder = join(__dirname, '../../.kkm/model');

/** Fewer states than this, and the model does not do what it is about. */
const statesMin = 1_000_000;

function writeTrail(control: ModelControl, found: ModelFinding): void {
  mkdirSync(folder, { recursive: true });
  const states = found.verdict.kind === 'counter-example' ? `${found.verdict.what} after ${found.verdict.states} states` : found.verdict.kind;
  writeFileSync(join(folder, `${control.name}.txt`), [`${control.words}: ${control.claim}, ${states}`, '', ...found.words, ''].join('\n'));
}

describeWith(['spin'], 'the model of the permit protocol', () => {
  const controls = readControls();
  let intact: Promise<ModelFinding>;

  beforeAll(() => {
    intact = searchModel({ faults: 2, kind: 'every' }); // Beside the small searches: this one takes as long as they do together.
    intact.catch(() => undefined); // Heard where it is awaited.
  });

  it('lists controls for each of its claims, numbered without a gap', () => {
    expect(controls.map(({ number }) => number)).toEqual(controls.map((_, index) => index + 1));
    expect(new Set(controls.map(({ claim }) => claim))).toEqual(new Set(claims));
  });

  it('shows two sales on the terminal when the permit is not asked for', async () => {
    const control = controls.find(({ name }) => name === 'NO_PERMIT');
    if (!control) throw new Error('There is no such control.');
    const found = await searchModel({ broken: control.name, claim: control.claim, faults: control.faults, kind: 'shortest' });
    writeTrail(control, found);
    expect(found.verdict).toMatchObject({ kind: 'counter-example', what: 'assertion violated' });
    const inOrder = found.words.filter((text) => /SENDS THE SALE|CHARGES THE CARD/.test(text));
    expect(inOrder).toEqual([
      expect.stringMatching(/^worker \d: SENDS THE SALE of attempt 1$/),
      'bank: CHARGES THE CARD for attempt 1',
      expect.stringMatching(/^worker \d: SENDS THE SALE of attempt 1$/),
      'bank: CHARGES THE CARD for attempt 1',
    ]);
    expect(inOrder[0]).not.toBe(inOrder[2]); // The other worker.
    expect(found.words.filter((text) => /GRANTED/.test(text))).toEqual([]);
    expect(found.words.filter((text) => text.startsWith('broker:'))).toEqual(['broker: gives the command of attempt 1 to somebody again']);
  });

  it.each(controls.filter(({ name }) => name !== 'NO_PERMIT').map((control) => [control.name, control] as const))(
    'has a counter-example to %s',
    async (_name, control) => {
      const { name: broken, claim, faults } = control;
      const found = await searchModel({ broken, claim, faults, kind: 'some' });
      writeTrail(control, found);
      expect(found.verdict).toMatchObject({ kind: 'counter-example', what: 'assertion violated' });
      expect(found.words.length).toBeGreaterThan(0);
    },
  );

  it('lets no history go on for ever', async () => {
    expect((await searchModel({ faults: 1, kind: 'ends' })).verdict).toMatchObject({ kind: 'holds' });
  });

  it('holds all claims over all interleavings with two faults', async () => {
    const { verdict, words } = await intact;
    expect(words).toEqual([]);
    expect(verdict).toMatchObject({ kind: 'holds' });
    expect(verdict.kind === 'holds' && verdict.states).toBeGreaterThan(statesMin);
  });
});
