import type { PaymentCommand, Progress, ProgressStep } from '@kkm/core';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock, ProgressPublisher } from './ports';
import type { WorkerTimes } from './worker-times';

/** What {@link ProgressTeller} needs of the worker around it. */
export interface TellerPorts {
  readonly clock: Clock;
  readonly progress: ProgressPublisher;
  readonly times: Pick<WorkerTimes, 'progressEveryMs'>;
}

/** Tells a watching person how one attempt goes. A terminal that says "still working" many times a second is passed on now and then. */
export class ProgressTeller {
  private toldAt: Moment | null = null;

  constructor(
    private readonly command: PaymentCommand,
    private readonly ports: TellerPorts,
  ) {}

  tell(step: ProgressStep, facts: Partial<Pick<Progress, 'n' | 'of' | 'detail' | 'qr'>> = {}): void {
    const { clock, progress } = this.ports;
    const { paymentId, attemptId, siteId, terminalId } = this.command;
    this.toldAt = now(clock);
    const at = new Date(this.toldAt.wallMs).toISOString();
    const { n = null, of = null, detail = null, qr } = facts;
    progress.publish({ paymentId, attemptId, siteId, terminalId, step, n, of, detail, ...(qr && { qr }), at });
  }

  stillWorking(): void {
    const { clock, times } = this.ports;
    if (this.toldAt === null || elapsedMs(clock, this.toldAt) >= times.progressEveryMs) this.tell('still_working');
  }
}
