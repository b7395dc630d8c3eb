import type { KkmCommand } from '@kkm/core';
import { checkCommand, DeskBench, kkmCommand, namedBy, payCommand, someCaller } from '../testing/desk-bench';
import type { Death, DeskReplica } from '../testing/desk-bench';

/** What the test makes of a bench before the command comes. */
type Scene = (bench: DeskBench) => KkmCommand;

const wait = { waitMs: 0, gone: new AbortController().signal };

/** Sends a command through a replica that dies at a call, repeats it to another as its client would, and lets that one go on. Guests pay whatever terminals ask for. */
async function crashed(death: Death, scene: Scene): Promise<{ readonly bench: DeskBench; readonly hasDied: boolean }> {
  const bench = new DeskBench();
  const command = scene(bench);
  const [first, second] = [bench.replica(death), bench.replica()];
  const send = (replica: DeskReplica): void => void replica.desk.submit(someCaller, command, wait);
  send(first);
  for (let round = 0; round < 20; round += 1) {
    await bench.pass(first, 2_000);
    if (first.isDead && round < 6) send(second);
    if (first.isDead) await bench.pass(second, 20_000, 5_000);
    while (bench.ledger.queue.length > 0) await bench.ledger.approve();
    if ((await bench.store.byIdCommand('club-1', 'id-1'))?.stage === 'done') break;
  }
  return { bench, hasDied: first.isDead };
}

describe('a crash before or after any call of a check', () => {
  it.each([
    ['a receipt that is made', 'keep', []],
    ['a receipt that is refused once, and a charge that is kept', 'keep', ['refused']],
    ['a receipt whose answer is lost', 'void', ['lost']],
    ['a receipt that is refused, and a charge that is given back', 'void', ['refused', 'refused']],
  ] as const)('leaves the money and the receipts that belong together: %s', async (_what, policy, answers) => {
    let deaths = 0;
    for (const at of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        const { bench, hasDied } = await crashed({ call, at }, (made) => {
          made.units.fiscal.onReceiptFailure = policy;
          for (const answer of answers) made.units.fiscal.answers.push(answer === 'lost' ? 'lost' : { kind: 'refused', error: 'нет бумаги' });
          return checkCommand();
        });
        const record = await bench.store.byIdCommand('club-1', 'id-1');
        const { charged, returned } = await bench.ledger.money();
        const { size: receipts } = bench.units.fiscal.receipts;
        expect({ call, at, stage: record?.stage, charged, sold: (charged - returned) / 15_000 }).toEqual({
          call,
          at,
          stage: 'done',
          charged: 15_000,
          sold: receipts,
        });
        expect([call, at, record?.answer?.status]).toEqual([call, at, receipts === 1 ? 0 : 2]);
        if (!hasDied) break;
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(40);
  });
});

describe('a crash before or after any call of a return', () => {
  it('gives the same money back once', async () => {
    for (const at of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        const bench = new DeskBench();
        const [first, second] = [bench.replica({ call, at }), bench.replica()];
        const original = namedBy(await bench.done(second, payCommand(15_000, null, 'sold')));
        const back = kkmCommand({ kind: 'ReturnPaymentByPaymentCard', amount: 5_000, original }, { idCommand: 'back', numDevice: 2 });
        void first.desk.submit(someCaller, back, wait);
        await bench.pass(first, 2_000);
        void second.desk.submit(someCaller, back, wait);
        for (let round = 0; round < 4; round += 1) {
          await bench.pass(second, 20_000, 5_000);
          while (bench.ledger.queue.length > 0) await bench.ledger.approve();
        }
        const seen = { call, at, money: await bench.ledger.money(), status: (await bench.result(second, 'back'))?.answer.status };
        expect(seen).toEqual({ call, at, money: { charged: 15_000, returned: 5_000 }, status: 0 });
        if (!first.isDead) break;
      }
    }
  });
});
