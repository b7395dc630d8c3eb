import { pauseMs, reconnectBackoff } from './backoff';
import type { BrokerState } from './broker';
import type { Surroundings } from './surroundings';
import type { Dial, Wire } from './wire';

/** Prepares a fresh connection before anybody may use it: declares, opens channels. A rejection drops the connection and tries again. */
export type Prepare = (wire: Wire) => Promise<void>;

/** Keeps one connection: dials until it stands, prepares it, tells when it is lost, dials again. */
export class Link {
  private current: Wire | null = null;
  private phase: BrokerState = 'connecting';
  private readonly listeners = new Set<(state: BrokerState) => void>();
  private stopPause: (() => void) | null = null;

  constructor(
    private readonly dial: Dial,
    private readonly prepare: Prepare,
    private readonly around: Surroundings,
  ) {}

  /** Where the connection stands. */
  get state(): BrokerState {
    return this.phase;
  }

  /** The connection, when it stands. */
  get wire(): Wire | null {
    return this.phase === 'connected' ? this.current : null;
  }

  /** Begins to dial; never rejects. Resolves when the first connection stands or the link was closed. */
  async open(): Promise<void> {
    void this.keep();
    await this.until((state) => state !== 'connecting');
  }

  /** Tells every change of state, in the order of subscription. */
  onState(listener: (state: BrokerState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves with true once connected, with false when `withinMs` passed or the link is closed for good. */
  async connected(withinMs: number): Promise<boolean> {
    if (this.phase !== 'connecting') return this.phase === 'connected';
    return this.until((state) => state !== 'connecting', withinMs);
  }

  /** Closes for good, waiting at most `withinMs` for the broker's farewell. */
  async close(withinMs: number): Promise<void> {
    const wire = this.current;
    this.current = null;
    this.enter('closed');
    this.stopPause?.();
    if (!wire) return;
    await new Promise<void>((resolve) => {
      const stop = this.around.clock.after(withinMs, resolve);
      const ended = (): void => {
        stop();
        resolve();
      };
      wire.close().then(ended, ended);
    });
  }

  private async keep(): Promise<void> {
    for (let attempt = 1; !this.isClosed(); attempt += 1) {
      try {
        await this.connectOnce();
        return;
      } catch (error) {
        const pause = pauseMs(reconnectBackoff, attempt, this.around.random());
        this.around.log.warn({ err: error, attempt, pauseMs: pause }, 'The broker cannot be reached; trying again.');
        await new Promise<void>((resolve) => {
          const stop = this.around.clock.after(pause, resolve);
          this.stopPause = () => {
            stop();
            resolve();
          };
        });
      }
    }
  }

  private async connectOnce(): Promise<void> {
    const wire = await this.dial();
    let lost = false;
    wire.onClosed((reason) => {
      lost = true;
      if (this.current === wire) this.lose(reason);
    });
    try {
      await this.prepare(wire);
    } catch (error) {
      wire.close().catch(() => undefined); // It is being dropped; how it ends does not matter.
      throw error;
    }
    if (lost) throw new Error('The connection was lost while it was prepared.');
    if (this.isClosed()) return void wire.close().catch(() => undefined);
    this.current = wire;
    this.enter('connected');
  }

  private lose(reason: string | null): void {
    this.current = null;
    if (this.isClosed()) return;
    this.around.log.warn({ reason }, 'The connection to the broker is lost.');
    this.enter('connecting');
    void this.keep();
  }

  private isClosed(): boolean {
    return this.phase === 'closed';
  }

  private enter(state: BrokerState): void {
    if (this.phase === state || this.isClosed()) return;
    this.phase = state;
    this.around.metrics.connected(state === 'connected');
    for (const listener of [...this.listeners]) listener(state);
  }

  private until(reached: (state: BrokerState) => boolean, withinMs?: number): Promise<boolean> {
    return new Promise((resolve) => {
      let stopTimer: (() => void) | null = null;
      const stop = this.onState((state) => {
        if (!reached(state)) return;
        stop();
        stopTimer?.();
        resolve(state === 'connected');
      });
      if (withinMs !== undefined)
        stopTimer = this.around.clock.after(withinMs, () => {
          stop();
          resolve(false);
        });
    });
  }
}
