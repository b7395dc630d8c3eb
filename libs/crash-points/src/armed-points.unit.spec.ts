import { armedPoints, armedText, reachOver } from './armed-points';
import type { CrashGround } from './armed-points';
import type { Steps } from './with-crash-points';
import { withCrashPoints } from './with-crash-points';

/** A file in memory, and a process that notes its death. */
function ground(armed: string | null = null) {
  const here = { file: armed, killed: 0, waits: [] as number[] };
  const made: CrashGround = {
    read: () => here.file,
    write: (text) => void (here.file = text),
    remove: () => void (here.file = null),
    kill: () => void (here.killed += 1),
    wait: (ms) => Promise.resolve(void here.waits.push(ms)),
  };
  return { here, reach: reachOver(made) };
}

/** Whether the promise is settled when everything that can go on has. */
async function isHeld(going: Promise<unknown>): Promise<boolean> {
  let ended = false;
  void going.then(() => (ended = true));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return !ended;
}

describe('a crash point', () => {
  it('does not exist where no file is named', () => {
    const warnings: unknown[] = [];
    expect(armedPoints(undefined, { warn: (...said) => warnings.push(said) })).toBeNull();
    expect(warnings).toEqual([]);
  });

  it('says in the log that the process can be killed', () => {
    const warnings: unknown[] = [];
    expect(armedPoints('/run/kkm/crash', { warn: (...said) => warnings.push(said) })).not.toBeNull();
    expect(warnings).toHaveLength(1);
  });

  it('is passed while nothing, or another one, is armed', async () => {
    expect(await isHeld(ground().reach('worker.permit:before'))).toBe(false);
    const { here, reach } = ground('worker.permit:after 1');
    expect([await isHeld(reach('worker.permit:before')), here.killed]).toEqual([false, 0]);
  });

  it('kills the process once, and takes the order away before', async () => {
    const { here, reach } = ground('worker.permit:after');
    expect(await isHeld(reach('worker.permit:after'))).toBe(true);
    expect(here).toMatchObject({ killed: 1, file: null });
  });

  it('holds everybody who arrives until as many have come as are wanted', async () => {
    const { here, reach } = ground(armedText('worker.permit:after', 3));
    expect(await isHeld(reach('worker.permit:after'))).toBe(true);
    expect(await isHeld(reach('worker.permit:after'))).toBe(true);
    expect(here).toMatchObject({ killed: 0, file: 'worker.permit:after 1' });
    expect(await isHeld(reach('worker.permit:after'))).toBe(true);
    expect(here).toMatchObject({ killed: 1, file: null });
  });

  it('waits its lag only when it is the one that is armed', async () => {
    const { here, reach } = ground('worker.result:sent');
    await reach('worker.permit:sent', 10);
    void reach('worker.result:sent', 10);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    expect(here).toMatchObject({ waits: [10], killed: 1 });
  });
});

/** A port with a state of its own, as adapters have. */
class Till {
  readonly calls: string[] = [];
  private open = 0;

  get count(): number {
    return this.open;
  }

  take(amount: number): Promise<string> {
    this.open += 1;
    this.calls.push(`take ${amount}`);
    return amount > 0 ? Promise.resolve('taken') : Promise.reject(new Error('nothing to take'));
  }

  note(text: string): void {
    this.calls.push(text);
  }
}

describe('a port with crash points', () => {
  const steps = {
    take: (): Steps<string> => ({
      before: 'ledger.open:before',
      sent: 'worker.permit:sent',
      after: (answer: string) => (answer === 'taken' ? 'ledger.open:after' : null),
      later: 'worker.delivery:acked',
    }),
  };

  it('is the port itself where none can be armed', () => {
    const till = new Till();
    expect(withCrashPoints(till, null, steps)).toBe(till);
  });

  it('passes its points in order and answers as the port does', async () => {
    const till = new Till();
    const passed: unknown[] = [];
    const wrapped = withCrashPoints(till, (point, lagMs) => Promise.resolve(void passed.push([point, till.calls.length, lagMs ?? 0])), steps);
    expect(await wrapped.take(5)).toBe('taken');
    wrapped.note('hello');
    expect(passed).toEqual([
      ['ledger.open:before', 0, 0],
      ['worker.permit:sent', 1, 10],
      ['ledger.open:after', 1, 0],
      ['worker.delivery:acked', 1, 40],
    ]);
    expect([till.calls, wrapped.count]).toEqual([['take 5', 'hello'], 1]);
  });

  it('does not begin what it is held before', async () => {
    const till = new Till();
    const wrapped = withCrashPoints(till, (point) => (point === 'ledger.open:before' ? new Promise(() => undefined) : Promise.resolve()), steps);
    expect(await isHeld(wrapped.take(5))).toBe(true);
    expect(till.calls).toEqual([]);
  });

  it('passes on what the port throws', async () => {
    const wrapped = withCrashPoints(new Till(), () => Promise.resolve(), steps);
    await expect(wrapped.take(0)).rejects.toThrow('nothing to take');
  });
});
