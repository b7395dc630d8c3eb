import { pause } from '@kkm/testkit';
import { describeKkm } from '../e2e/harness/describe-kkm';
import { readFuzzPlan } from './harness/fuzz.config';
import { drawBodies } from './harness/hostile-bodies';
import type { SentBody } from './harness/hostile-bodies';
import { RawDoor } from './harness/raw-door';
import { wantedCharges } from './harness/wanted-charges';

const { seed, bodies: count } = readFuzzPlan();
const connections = 8;
/** They take about a minute on two cores that have other work, and may take so long on a machine that has much else to do. */
const withinMs = 120_000;

/** What was wrong with an answer. */
interface Fault {
  readonly what: string;
  readonly sent: string;
}

describeKkm('hostile bodies', { suite: 'kkmserver-fuzz', terminals: 8 }, (kkm) => {
  it(
    `${count} of them (KKM_FUZZ_SEED=${seed}) get an answer each: none drops the connection, none is a 500, and the bank charges only what a valid command asked for`,
    async () => {
      const { url, accounts } = kkm().stack.kkmserver;
      const door = new RawDoor({ url, ...accounts.admin }, connections);
      const units = Array.from({ length: 10 }, (_, index) => index);
      const bodies = drawBodies({ seed, count, units });
      const startedMs = performance.now();
      const faults = await sendAll(door, bodies);
      const tookMs = performance.now() - startedMs;
      expect(faults).toEqual([]);
      door.close();
      await settled(kkm);
      const wanted = wantedCharges(bodies.map(({ bytes }) => bytes));
      const sales = (await kkm().terminals.books()).filter(({ kind }) => kind === 'sale');
      const unwanted = sales.filter(({ amount }) => !takeOne(wanted, amount));
      expect(unwanted).toEqual([]);
      expect(sales.length).toBeGreaterThan(count / 500); // Bodies that never reach a terminal would prove nothing.
      expect(tookMs).toBeLessThan(withinMs);
    },
    2 * withinMs,
  );
});

/** Sends all bodies, as many at a time as there are connections; returns what was wrong with answers. */
async function sendAll(door: RawDoor, bodies: readonly SentBody[]): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let body = bodies[next]; body && faults.length < 5; body = bodies[next]) {
      next += 1;
      const what = await faultOf(door, body);
      if (what !== null) faults.push({ what, sent: `${body.path} ${Buffer.from(body.bytes).toString('utf8').slice(0, 500)}` });
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  return faults;
}

async function faultOf(door: RawDoor, { bytes, path }: SentBody): Promise<string | null> {
  try {
    const { status, text } = await door.post(bytes, path);
    if (status !== 200 && status !== 501) return `HTTP ${status}: ${text}`;
    const answer = JSON.parse(text) as { readonly Status?: unknown; readonly Error?: unknown };
    return Number.isInteger(answer.Status) && typeof answer.Error === 'string' ? null : `no answer of the API: ${text}`;
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
}

/** Waits until no payment is at work any more. */
async function settled(kkm: () => { payments(): Promise<readonly { readonly status: string }[]> }): Promise<void> {
  const until = Date.now() + 60_000;
  while ((await kkm().payments()).some(({ status }) => status === 'pending' || status === 'in_progress')) {
    if (Date.now() > until) throw new Error('Payments did not end.');
    await pause(200);
  }
}

/** Takes one of the wanted charges of that amount; false when none is left. */
function takeOne(wanted: Map<number, number>, amount: number): boolean {
  const left = wanted.get(amount) ?? 0;
  wanted.set(amount, left - 1);
  return left > 0;
}
