/** Terminals at which nobody stands, the longest free first. Guests who find none wait in line. */
export class FreeTerminals {
  private readonly free: string[];
  private readonly line: ((terminalId: string) => void)[] = [];

  constructor(terminalIds: readonly string[]) {
    this.free = [...terminalIds];
  }

  /** A terminal for oneself, as soon as there is one. */
  take(): Promise<string> {
    const terminalId = this.free.shift();
    return terminalId === undefined ? new Promise((resolve) => this.line.push(resolve)) : Promise.resolve(terminalId);
  }

  /** Gives it to the next in line, or back. */
  giveBack(terminalId: string): void {
    const next = this.line.shift();
    if (next) next(terminalId);
    else this.free.push(terminalId);
  }
}
