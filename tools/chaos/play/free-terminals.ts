/** Somebody who waits for a terminal. */
interface Waiting {
  readonly fits: (terminalId: string) => boolean;
  readonly take: (terminalId: string) => void;
}

/** Terminals at which nobody stands, the longest free first. Guests who find none that fits wait in line. */
export class FreeTerminals {
  private readonly free: string[];
  private readonly line: Waiting[] = [];

  constructor(terminalIds: readonly string[]) {
    this.free = [...terminalIds];
  }

  /** A terminal for oneself, as soon as there is one that fits. */
  take(fits: (terminalId: string) => boolean = () => true): Promise<string> {
    const at = this.free.findIndex(fits);
    const [terminalId] = at < 0 ? [] : this.free.splice(at, 1);
    return terminalId === undefined ? new Promise((resolve) => this.line.push({ fits, take: resolve })) : Promise.resolve(terminalId);
  }

  /** Gives it to the first in line whom it fits, or back. */
  giveBack(terminalId: string): void {
    const at = this.line.findIndex(({ fits }) => fits(terminalId));
    const [next] = at < 0 ? [] : this.line.splice(at, 1);
    if (next) next.take(terminalId);
    else this.free.push(terminalId);
  }
}
