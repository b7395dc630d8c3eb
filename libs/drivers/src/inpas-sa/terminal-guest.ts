import type { FakeSbpBank } from '../kit/fake-sbp-bank';
import type { TerminalEffect } from '../kit/virtual-terminal';

/** The guest with a bank's app before a terminal: scans the QR on the screen, and the bank takes the money, or not. The terminal learns nothing of it. */
export class QrGuest {
  /** Payments that arrive behind the end of the display, by payload. */
  private readonly promised = new Map<string, { readonly afterMs: number; readonly timer: string }>();
  private promises = 0;

  /** @param bank null: no bank knows any payload, and nobody is paid. */
  constructor(
    private readonly terminalId: string,
    private readonly bank: FakeSbpBank | null,
    private readonly emit: (effect: TerminalEffect) => void,
  ) {}

  /** Pays what the QR says, unless that is to happen later. */
  scan(payload: string): void {
    if (!this.promised.has(payload)) this.bank?.pay(payload, { terminalId: this.terminalId });
  }

  /** The QR is on the screen, perhaps again: its end is still to come. With `afterMs` its payment arrives so long behind it, whatever became of the QR by then. */
  shown(payload: string, afterMs: number): void {
    const promise = this.promised.get(payload);
    if (!promise && afterMs > 0) {
      this.promises += 1;
      this.promised.set(payload, { afterMs, timer: `late-payment-${this.promises}` });
    }
    if (promise) this.emit({ kind: 'clear-timer', name: promise.timer });
  }

  /** The QR is off the screen. */
  gone(payload: string): void {
    const promise = this.promised.get(payload);
    if (promise) this.emit({ kind: 'set-timer', name: promise.timer, ms: promise.afterMs });
  }

  /** Whether the timer was this one's; then it is dealt with. */
  timer(name: string): boolean {
    const [payload] = [...this.promised].find(([, promise]) => promise.timer === name) ?? [];
    if (payload === undefined) return false;
    this.promised.delete(payload);
    this.bank?.pay(payload, { terminalId: this.terminalId, late: true });
    return true;
  }
}
