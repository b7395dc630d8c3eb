import { KnownError } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { CommandPorts } from './ports';
import { later, nextStep } from './saga';
import type { SagaSteps } from './saga-steps';

/** Whoever drives a command renews its lease this often, and another may take it up when it was not renewed for {@link leaseMs}. */
const renewMs = 5_000;

/** See {@link renewMs}. */
export const leaseMs = 20_000;

/** Drives commands, each by one driver at a time among all replicas: step after step until it is done, has to wait for its time, or somebody else has written. */
export class DriveCommand {
  private readonly driving = new Map<string, Promise<void>>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private stopped = false;

  /** @param driver names this replica; two that run at a time never share a name. */
  constructor(
    private readonly ports: CommandPorts,
    private readonly steps: SagaSteps,
    private readonly driver: string,
  ) {}

  /** Resolves when nothing more is to be done now. Never throws: what came to nothing is written into the command, and what could not be written is tried again by whoever comes next. */
  run(id: string): Promise<void> {
    const running = this.driving.get(id);
    if (running) return running;
    if (this.stopped) return Promise.resolve();
    const driving = this.alone(id).finally(() => this.driving.delete(id));
    this.driving.set(id, driving);
    return driving;
  }

  /** From now on nothing is begun; what is under way ends with its step. Whoever comes next goes on. */
  stop(): void {
    this.stopped = true;
  }

  /** Resolves when this replica writes into the command, or after `ms`: another one may write. */
  async untilWritten(id: string, ms: number): Promise<void> {
    const listening = this.listeners.get(id) ?? new Set<() => void>();
    this.listeners.set(id, listening);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        listening.delete(end);
        if (listening.size === 0) this.listeners.delete(id);
        resolve();
      };
      listening.add(end);
      void this.ports.clock.sleep(ms).then(end);
    });
  }

  private async alone(id: string): Promise<void> {
    const { store, log } = this.ports;
    try {
      if (!(await store.lease(id, this.driver, leaseMs))) return;
      const lease = new KeptLease(this.ports, { id, driver: this.driver });
      try {
        while (!this.stopped && lease.held && (await this.step(id)) === 'on');
      } finally {
        lease.end();
        await store.release(id, this.driver);
      }
    } catch (error) {
      log.warn({ err: error, commandId: id }, 'A command cannot be driven now; it is taken up again.');
    }
  }

  private async step(id: string): Promise<'on' | 'leave'> {
    const { store, payments, clock } = this.ports;
    const record = await store.byId(id);
    if (!record || record.dueAtMs > clock.wallMs()) return 'leave';
    try {
      const payment = record.paymentId === null ? null : await payments.read(record.siteId, record.paymentId);
      const step = nextStep(record, { payment, nowMs: clock.wallMs() });
      if (step.kind === 'rest') return 'leave';
      const next = await this.steps.run(record, step, payment);
      if (!next) return 'on';
      return await this.write(record, next, payment);
    } catch (error) {
      return await this.postpone(record, error);
    }
  }

  /** Somebody else may have written first: then this one begins anew on what he wrote. */
  private async write(record: CommandRecord, next: CommandRecord, payment: Payment | null): Promise<'on' | 'leave'> {
    if (!(await this.ports.store.save(next))) return 'on';
    this.tell(next.id);
    if (next.stage !== record.stage) this.ports.log.info(factsOf(next, payment), 'A command came further.');
    return next.stage === 'done' || next.dueAtMs > this.ports.clock.wallMs() ? 'leave' : 'on';
  }

  /** Nothing is known to have happened, or what has happened is found by its key: the step is done again after a pause. */
  private async postpone(record: CommandRecord, error: unknown): Promise<'leave'> {
    const { store, log, clock } = this.ports;
    const text = error instanceof KnownError ? doorTexts.cause(error) : doorTexts.failed;
    const fields = { err: error, commandId: record.id, idCommand: record.idCommand, siteId: record.siteId, stage: record.stage, tries: record.tries + 1 };
    if (error instanceof KnownError) log.warn(fields, 'A step of a command came to nothing; trying again.');
    else log.error(fields, 'A step of a command failed.');
    if (await store.save(later(record, text, clock.wallMs()))) this.tell(record.id);
    return 'leave';
  }

  private tell(id: string): void {
    for (const end of [...(this.listeners.get(id) ?? [])]) end();
  }
}

/** A lease that is renewed until it is ended, or lost: then whoever drives must not begin a further step. */
class KeptLease {
  held = true;
  private ended = false;

  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'clock'>,
    private readonly of: { readonly id: string; readonly driver: string },
  ) {
    void this.keep();
  }

  end(): void {
    this.ended = true;
  }

  private async keep(): Promise<void> {
    for (let renewedAtMs = this.ports.clock.wallMs(); ;) {
      await this.ports.clock.sleep(renewMs);
      if (this.ended) return;
      const nowMs = this.ports.clock.wallMs();
      const renewed = await this.ports.store.lease(this.of.id, this.of.driver, leaseMs).catch(() => null);
      if (renewed) renewedAtMs = nowMs;
      this.held = renewed ?? nowMs - renewedAtMs < leaseMs;
    }
  }
}

function factsOf({ id: commandId, idCommand, siteId, stage, tries, lastError, command }: CommandRecord, payment: Payment | null): object {
  return { commandId, idCommand, siteId, command: command.name, stage, tries, lastError, paymentId: payment?.id ?? null };
}
