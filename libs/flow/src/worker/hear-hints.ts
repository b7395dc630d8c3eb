import type { TerminalQueues } from './ports';
import type { TerminalLines } from './terminal-lines';

/** What {@link HearHints} needs of the worker around it. */
export interface HintPorts {
  readonly queues: TerminalQueues;
  readonly lines: TerminalLines;
}

/** Listens to the hints of exactly the terminals whose lease this worker holds: a hint that a stand-by takes is lost (design-money, clause 13). */
export class HearHints {
  private readonly heard = new Map<string, { cancel(): Promise<void> }>();

  constructor(private readonly ports: HintPorts) {}

  /** Subscribes where a lease was gained and ends what was lost. */
  async look(): Promise<void> {
    const { queues, lines } = this.ports;
    const leased = new Set(
      lines
        .all()
        .filter((line) => line.holdsLease())
        .map((line) => line.terminalId),
    );
    const gained = [...leased].filter((terminalId) => !this.heard.has(terminalId));
    const lost = [...this.heard.keys()].filter((terminalId) => !leased.has(terminalId));
    await Promise.all([...gained.map((terminalId) => this.begin(queues, terminalId)), ...lost.map((terminalId) => this.end(terminalId))]);
  }

  /** Ends all of it. */
  async leaveAll(): Promise<void> {
    await Promise.all([...this.heard.keys()].map((terminalId) => this.end(terminalId)));
  }

  private async begin(queues: TerminalQueues, terminalId: string): Promise<void> {
    const subscription = await queues.subscribe(terminalId, 'hints');
    if (subscription) this.heard.set(terminalId, subscription);
  }

  private async end(terminalId: string): Promise<void> {
    const subscription = this.heard.get(terminalId);
    this.heard.delete(terminalId);
    await subscription?.cancel();
  }
}
