import type { ServiceProcess } from '../../stack/service-process';
import { pause } from '../../bench/measure/clock';
import { Turns } from './turns';

const lookEveryMs = 100;
/** As the supervisor of `./kkm up` waits before it starts again what died. */
const restartMs = 200;

/** Keeps one service running, as the supervisor of `./kkm up` does, and strikes it down on request. One strike at a time. */
export class GuardedProcess {
  /** How it ended without being struck, each time. */
  readonly ownEnds: string[] = [];
  private readonly turns = new Turns();
  private struck = false;
  private closed = false;
  private guard: Promise<void> = Promise.resolve();

  constructor(private readonly service: ServiceProcess) {}

  get name(): string {
    return this.service.name;
  }

  get pid(): number {
    return this.service.pid();
  }

  /** Begins to look after it. */
  watch(): void {
    this.guard = this.keepRunning();
  }

  /** Kills it, leaves it dead for a while, and returns when it is ready again. `moment` is called directly before the blow. */
  kill(deadMs: number, moment: () => void): Promise<void> {
    return this.alone(async () => {
      moment();
      await this.service.stop('SIGKILL');
      await pause(deadMs);
      await this.startUntilReady();
    });
  }

  /** Stops it in its tracks for a while; it does not notice. */
  freeze(frozenMs: number, moment: () => void): Promise<void> {
    return this.alone(async () => {
      moment();
      this.service.signal('SIGSTOP');
      await pause(frozenMs);
      this.service.signal('SIGCONT');
    });
  }

  /** Waits for the last strike's end and looks after it no longer; it is ready then. */
  async release(): Promise<void> {
    this.closed = true;
    await this.guard;
    await this.turns.take(() => this.startUntilReady());
  }

  private alone(blow: () => Promise<void>): Promise<void> {
    return this.turns.take(async () => {
      this.struck = true;
      await blow().finally(() => {
        this.struck = false;
      });
    });
  }

  /** It may end while it starts, for example because the database is away: then it is started once more. */
  private async startUntilReady(): Promise<void> {
    for (;;) {
      if (this.service.ended() !== null) this.service.start();
      try {
        return await this.service.ready(60_000);
      } catch (error) {
        if (this.service.ended() === null) throw error;
        await pause(restartMs);
      }
    }
  }

  private async keepRunning(): Promise<void> {
    while (!this.closed) {
      const ended = this.service.ended();
      if (ended !== null && !this.struck) {
        this.ownEnds.push(ended);
        await this.alone(() => this.startUntilReady());
      }
      await pause(lookEveryMs);
    }
  }
}
