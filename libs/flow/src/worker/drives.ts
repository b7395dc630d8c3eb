import type { PaymentCommand } from '@kkm/core';
import { elapsedMs, type Moment } from './moments';
import type { Clock } from './ports';

/** One attempt while this worker drives or recovers it: what heartbeats and hints may change under way. */
export class Drive {
  private cancel = false;
  private nonceLost = false;
  private renewedAt: Moment;
  private abort: (() => void) | null = null;
  private takeOff: (() => void) | null = null;

  constructor(
    readonly command: PaymentCommand,
    readonly nonce: string,
    permit: { readonly askedAt: Moment; readonly leaseMs: number },
  ) {
    this.renewedAt = permit.askedAt;
    this.leaseMs = permit.leaseMs;
  }

  private leaseMs: number;

  get cancelRequested(): boolean {
    return this.cancel;
  }

  /** Whether the permit's lease is this worker's by both clocks. Without it a card may not be asked for again. */
  isInForce(clock: Clock): boolean {
    return !this.nonceLost && elapsedMs(clock, this.renewedAt) < this.leaseMs;
  }

  /** A heartbeat that named this drive was answered; the lease counts from when it was sent. */
  renew(askedAt: Moment, leaseMs: number): void {
    this.renewedAt = askedAt;
    this.leaseMs = leaseMs;
  }

  /** The ledger says that another nonce is in force, or none. */
  lose(): void {
    this.nonceLost = true;
    this.takeOff?.();
  }

  /** Somebody wants the payment stopped. The terminal is asked once; its answer decides. */
  requestCancel(): void {
    if (this.cancel) return;
    this.cancel = true;
    this.abort?.();
    this.takeOff?.();
  }

  /** The ledger has something else to say about what is shown. */
  showAnew(): void {
    this.takeOff?.();
  }

  /** Says how to end what is shown: on a cancel, when the nonce is lost, or when the ledger has something else to say. Null when nothing is shown. */
  whileShowing(takeOff: (() => void) | null): void {
    this.takeOff = takeOff;
    if (takeOff && this.nonceLost) takeOff();
  }

  /** Says how to ask the terminal to stop while a request runs there; null when none does. */
  whileRunning(abort: (() => void) | null): void {
    this.abort = abort;
    if (abort && this.cancel) abort();
  }
}

/** The attempts this worker drives or recovers now, by attempt id. */
export class Drives {
  private readonly running = new Map<string, Drive>();

  start(drive: Drive): void {
    this.running.set(drive.command.attemptId, drive);
  }

  end(drive: Drive): void {
    if (this.running.get(drive.command.attemptId) === drive) this.running.delete(drive.command.attemptId);
  }

  find(attemptId: string): Drive | null {
    return this.running.get(attemptId) ?? null;
  }

  all(): readonly Drive[] {
    return [...this.running.values()];
  }
}
