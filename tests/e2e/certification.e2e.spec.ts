import type { ComparedCertification } from '@kkm/contracts';
import type { Grade, GradeReason } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';
import type { Behaviour } from './harness/virtual-terminal';

/** How a terminal of each character is certified, and what it deserves. The troubles come from a seed: the same in every run. */
const cases: readonly {
  readonly character: NonNullable<Behaviour['character']>;
  readonly seed: number;
  readonly plan: object;
  readonly grades: readonly Grade[];
  readonly because: readonly GradeReason[];
}[] = [
  { character: 'good_lan', seed: 1, plan: { payments: 6, methods: ['card', 'sbp_qr'], cablePull: true, restart: true }, grades: ['A', 'B'], because: [] },
  { character: 'flaky_usb', seed: 1, plan: { payments: 8, link: 'usb' }, grades: ['D', 'E'], because: ['unknown_outcomes'] },
  { character: 'slow_bank', seed: 1, plan: { payments: 2 }, grades: ['C'], because: ['slow_approvals'] },
  { character: 'freezes', seed: 1, plan: { payments: 5 }, grades: ['E'], because: ['unknown_outcomes', 'failed_payments'] },
  { character: 'loses_answers', seed: 1, plan: { payments: 6 }, grades: ['E'], because: ['unknown_outcomes'] },
  { character: 'bad_reader', seed: 1, plan: { payments: 8 }, grades: ['D', 'E'], because: ['read_failures'] },
];

describeKkm('the certification of terminals', { suite: 'certification', terminals: cases.length }, (kkm) => {
  const ids = new Map<string, string>();
  const path = (at: number, rest = ''): string => `/v1/terminals/pax-${at + 1}/certifications${rest}`;
  const read = async (at: number): Promise<ComparedCertification> =>
    (await kkm().call<ComparedCertification>('GET', path(at, `/${ids.get(cases[at]!.character)!}`))).body;

  /** Does what the certification asks for, as a person would, until it has ended. */
  async function accompany(at: number): Promise<ComparedCertification> {
    const terminalId = `pax-${at + 1}`;
    return eventually(async () => {
      const run = await read(at);
      const { number, kind } = run.prompt ?? {};
      if (kind === 'pull_cable') await kkm().terminals.attend(terminalId, 'pull_cable');
      if (kind === 'plug_cable') await kkm().terminals.attend(terminalId, 'plug_in');
      if (kind === 'restart_terminal') await kkm().terminals.attend(terminalId, 'restart');
      if (number) await kkm().call('POST', path(at, `/${run.id}/prompts/${number}`));
      if (run.state === 'running') throw new Error(JSON.stringify({ step: run.step, prompt: run.prompt, results: run.results }));
      return run;
    }, 100_000);
  }

  beforeAll(async () => {
    await Promise.all(
      cases.map(async ({ character, seed, plan }, at) => {
        await kkm().terminals.behave(`pax-${at + 1}`, { character, seed, delayMs: 0 });
        const { status, body } = await kkm().call<ComparedCertification>('POST', path(at), { body: { link: 'lan', ...plan } });
        expect([status, body.state]).toEqual([201, 'running']);
        ids.set(character, body.id);
      }),
    );
    expect(await kkm().call('POST', path(0), { body: { link: 'lan', payments: 1 } })).toMatchObject({ status: 409, body: { code: 'certification.running' } });
    // What drives the certifications dies among them.
    await kkm().stack.gateway.stop('SIGKILL');
    kkm().stack.gateway.start();
    await kkm().stack.gateway.ready();
  }, 60_000);

  it.each(cases.map((one, at) => ({ ...one, at })))(
    'gives $character the grade it deserves, $grades, and all its money is back',
    async ({ at, grades, because, plan }) => {
      const run = await accompany(at);
      expect(run).toMatchObject({ state: 'done', money: { notReturned: [] } });
      expect({ grade: run.grade, because: run.because, figures: run.figures }).toEqual({
        grade: expect.stringMatching(`^[${grades.join('')}]$`) as string,
        because: expect.arrayContaining([...because]) as string[],
        figures: expect.anything() as object,
      });
      expect(run.money).toMatchObject({ charged: run.money?.returned });
      expect(run.results).toHaveLength((plan as { payments: number }).payments);
    },
    110_000,
  );

  it('leaves the bank’s books at nothing', async () => {
    const books = await kkm().terminals.books();
    const taken = books.filter(({ kind }) => kind === 'sale').reduce((sum, { amount }) => sum + amount, 0);
    const given = books.filter(({ kind }) => kind !== 'sale').reduce((sum, { amount }) => sum + amount, 0);
    expect([taken > 0, given]).toEqual([true, taken]);
  });

  it('compares a further one with the earlier, and stops when asked', async () => {
    const { body } = await kkm().call<ComparedCertification>('POST', path(0), { body: { link: 'usb', payments: 100 } });
    expect(body.earlier).toMatchObject([{ id: ids.get('good_lan'), link: 'lan' }]);
    ids.set('good_lan', body.id);
    expect((await kkm().call('POST', path(0, `/${body.id}/stop`))).status).toBe(200);
    expect(await accompany(0)).toMatchObject({ state: 'stopped', grade: null, money: { notReturned: [] } });
  });
});
