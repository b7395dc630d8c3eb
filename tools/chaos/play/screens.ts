import { pause } from '../../bench/measure/clock';
import type { Away } from '../count/doubts';
import type { Counter, TerminalView } from './counter';

/** Between two looks; short beside the time that a guest takes. */
const everyMs = 60;

/** Looks at all terminals all the time: where money may move now, and when a terminal could not have answered. */
export class Screens {
  private readonly present = new Map<string, TerminalView>();
  private readonly awaySince = new Map<string, number>();
  private readonly ended: Away[] = [];
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly counter: Counter) {}

  /** Begins to look. */
  start(): void {
    this.running = this.keepLooking();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    for (const [terminalId, fromMs] of this.awaySince) this.ended.push({ terminalId, fromMs, untilMs: Date.now() });
    this.awaySince.clear();
  }

  /** Those of the terminals that ask for a card or talk to the bank at this moment. Only a permit brings them there. */
  atWork(terminalIds: readonly string[]): readonly string[] {
    return terminalIds.filter((id) => {
      const state = this.present.get(id)?.screen.state;
      return state === 'card' || state === 'busy';
    });
  }

  /** When terminals were unplugged, starting, or too busy with a sale to answer anything else. */
  away(): readonly Away[] {
    return this.ended;
  }

  private async keepLooking(): Promise<void> {
    while (!this.stopped) {
      for (const view of await this.counter.views()) this.note(view, Date.now());
      await pause(everyMs);
    }
  }

  private note(view: TerminalView, nowMs: number): void {
    const { id: terminalId, reachable, screen } = view;
    this.present.set(terminalId, view);
    const isAway = !reachable || screen.state === 'off' || screen.state === 'card' || screen.state === 'busy';
    const fromMs = this.awaySince.get(terminalId);
    if (isAway && fromMs === undefined) this.awaySince.set(terminalId, nowMs);
    if (isAway || fromMs === undefined) return;
    this.awaySince.delete(terminalId);
    this.ended.push({ terminalId, fromMs, untilMs: nowMs });
  }
}
