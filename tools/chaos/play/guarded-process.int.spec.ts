import { eventually } from '@kkm/testkit';
import type { ServiceProcess } from '../../stack/service-process';
import { GuardedProcess } from './guarded-process';

/** A process of which one only sees that it runs; a second start beside a running one is refused, as a port would. */
class PlayedProcess implements ServiceProcess {
  readonly name = 'ledger';
  readonly url = '';
  readonly logFile = '';
  readonly signals: string[] = [];
  starts = 1;
  private how: string | null = null;
  failingStarts = 0;

  pid = (): number => this.starts;
  ended = (): string | null => this.how;

  ready(): Promise<void> {
    return this.how === null ? Promise.resolve() : Promise.reject(new Error('ended'));
  }

  stop(signal: string): Promise<void> {
    this.how = signal;
    return Promise.resolve();
  }

  signal(signal: string): void {
    this.signals.push(signal);
  }

  start(): void {
    if (this.how === null) throw new Error('It runs already');
    this.starts += 1;
    this.failingStarts -= 1;
    this.how = this.failingStarts >= 0 ? '1' : null;
  }
}

describe('a guarded process', () => {
  const process = (): { readonly played: PlayedProcess; readonly guarded: GuardedProcess } => {
    const played = new PlayedProcess();
    return { played, guarded: new GuardedProcess(played) };
  };

  it('is started again when it ends by itself, and that is written down', async () => {
    const { played, guarded } = process();
    guarded.watch();
    await played.stop('1');
    await eventually(() => expect(played.ended()).toBeNull());
    await guarded.release();
    expect([played.starts, guarded.ownEnds]).toEqual([2, ['1']]);
  });

  it('is killed and ready again once, although it is watched, and tells the moment before', async () => {
    const { played, guarded } = process();
    guarded.watch();
    const seen: (string | null)[] = [];
    await guarded.kill(250, () => seen.push(played.ended()));
    await guarded.release();
    expect([played.starts, guarded.ownEnds, seen]).toEqual([2, [], [null]]);
  });

  it('is started until it stays', async () => {
    const { played, guarded } = process();
    played.failingStarts = 2;
    await guarded.kill(0, () => undefined);
    expect([played.ended(), played.starts]).toEqual([null, 4]);
  });

  it('takes one strike after the other', async () => {
    const { played, guarded } = process();
    await Promise.all([guarded.freeze(50, () => undefined), guarded.kill(0, () => played.signals.push('killed')), guarded.freeze(0, () => undefined)]);
    expect(played.signals).toEqual(['SIGSTOP', 'SIGCONT', 'killed', 'SIGSTOP', 'SIGCONT']);
  });
});
