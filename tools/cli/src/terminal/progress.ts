/** Shows work that takes time. Every long step is begun and ended by name; what is told between is shown as it comes. */
export interface Progress {
  begin(name: string, what: string): void;
  /** Says more exactly what a running step does. */
  update(name: string, what: string): void;
  /** Ends a step; `result` is said when the step took long enough to be shown, or always when `always` is set. */
  end(name: string, result: string, always?: boolean): void;
  note(text: string): void;
  /** Ends the display; nothing is left on the screen that moves. */
  close(): void;
}

/** Where {@link terminalProgress} writes and what time it is. */
export interface ProgressOutput {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly nowMs: () => number;
}

/** A step shorter than this is not worth a line of its own. */
const worthALineMs = 1_000;
/** Without a terminal a step says that it is still alive this often. */
const stillAliveMs = 10_000;
const frames = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'];

interface Step {
  what: string;
  readonly sinceMs: number;
  saidMs: number | null;
}

/** Seconds with one decimal, for people. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A display for people on a terminal (one moving line) or in a log (a line at the start, at the end and now and then). */
export class TerminalProgress implements Progress {
  private readonly steps = new Map<string, Step>();
  private frame = 0;
  private lineShown = false;
  private readonly ticker: NodeJS.Timeout;

  constructor(private readonly output: ProgressOutput) {
    this.ticker = setInterval(() => this.tick(), output.isTerminal ? 120 : 250);
    this.ticker.unref();
  }

  begin(name: string, what: string): void {
    this.steps.set(name, { what, sinceMs: this.output.nowMs(), saidMs: null });
    if (this.output.isTerminal) this.draw();
  }

  update(name: string, what: string): void {
    const step = this.steps.get(name);
    if (step) step.what = what;
  }

  end(name: string, result: string, always = false): void {
    const step = this.steps.get(name);
    this.steps.delete(name);
    const tookMs = step ? this.output.nowMs() - step.sinceMs : 0;
    if (always || tookMs >= worthALineMs) this.line(`  ${result} (${seconds(tookMs)})`);
    else if (this.output.isTerminal) this.draw();
  }

  note(text: string): void {
    this.line(`  ${text}`);
  }

  close(): void {
    clearInterval(this.ticker);
    this.wipe();
    this.steps.clear();
  }

  private tick(): void {
    if (this.output.isTerminal) return this.draw();
    const now = this.output.nowMs();
    for (const step of this.steps.values()) {
      const due = step.saidMs === null ? now - step.sinceMs >= worthALineMs : now - step.saidMs >= stillAliveMs;
      if (!due) continue;
      this.line(step.saidMs === null ? `  ${step.what} …` : `  ${step.what} … ${seconds(now - step.sinceMs)}`);
      step.saidMs = now;
    }
  }

  private draw(): void {
    this.wipe();
    if (this.steps.size === 0) return;
    const now = this.output.nowMs();
    const parts = [...this.steps.values()].map((step) => `${step.what} ${Math.floor((now - step.sinceMs) / 1000)} s`);
    this.frame = (this.frame + 1) % frames.length;
    this.output.write(`${frames[this.frame]} ${parts.join(' · ')}`);
    this.lineShown = true;
  }

  private wipe(): void {
    if (this.lineShown) this.output.write('\r\u001b[K');
    this.lineShown = false;
  }

  private line(text: string): void {
    this.wipe();
    this.output.write(`${text}\n`);
    if (this.output.isTerminal) this.draw();
  }
}

/** Progress on the standard error stream, so that the standard output holds results alone. */
export function terminalProgress(): Progress {
  return new TerminalProgress({ write: (text) => process.stderr.write(text), isTerminal: process.stderr.isTTY === true, nowMs: () => performance.now() });
}
