import { Unavailable, type PaymentCommand, type PermitAnswer, type PermitRequest } from '@kkm/core';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock, Ids, Journal, WorkerLedger, WorkerWatch } from './ports';
import type { StopSign } from './stop-sign';
import type { WorkerTimes } from './worker-times';

/** What {@link PermitTalk} needs of the worker around it. */
export interface PermitPorts {
  readonly workerId: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Pick<WorkerLedger, 'permit'>;
  readonly journal: Pick<Journal, 'predecessors'>;
  readonly watch: Pick<WorkerWatch, 'span' | 'permitRefused' | 'note'>;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

type Refusal = Exclude<PermitAnswer, { kind: 'granted' }>;

/**
 * What came of asking. `granted` counts from `askedAt`. `granted-unheard`: the ledger granted a nonce whose time passed before its answer was heard;
 * this handling alone may send under it and never will. `unanswered`: the worker stops.
 */
export type PermitHeard =
  | { readonly kind: 'granted'; readonly nonce: string; readonly askedAt: Moment; readonly grant: Extract<PermitAnswer, { kind: 'granted' }> }
  | { readonly kind: 'granted-unheard'; readonly nonce: string }
  | { readonly kind: 'refused'; readonly nonce: string; readonly answer: Refusal }
  | { readonly kind: 'unanswered' };

/**
 * Asks for the permit of one delivery. The nonce is drawn for this handling, and only repeats of the request carry it (design-money, clause 1).
 * The grant's time counts from when the first request without an answer was sent: that one may have been granted (clause 3).
 */
export class PermitTalk {
  private nonce: string;
  private unansweredSince: Moment | null = null;
  private readonly givenUp: string[] = [];

  constructor(
    private readonly command: PaymentCommand,
    private readonly ports: PermitPorts,
  ) {
    this.nonce = ports.ids.draw('nonce');
  }

  /** Asks until the ledger answers or the worker stops. */
  async ask(): Promise<PermitHeard> {
    const { clock, times, stop, watch } = this.ports;
    for (let tries = 1; ; tries += 1) {
      this.renewNonce();
      const askedAt = this.unansweredSince ?? now(clock);
      const answer = await this.request(this.nonce);
      if (answer) return await this.heard(answer, askedAt);
      this.unansweredSince = askedAt;
      watch.permitRefused('no-answer');
      watch.note('ledger does not answer', { attemptId: this.command.attemptId, call: 'worker.permit', tries });
      if (stop.raised) return { kind: 'unanswered' };
      await stop.pause(clock, times.permitRetryMs);
    }
  }

  private async heard(answer: PermitAnswer, askedAt: Moment): Promise<PermitHeard> {
    const { nonce } = this;
    if (answer.kind === 'granted') return { kind: 'granted', nonce, askedAt, grant: answer };
    this.ports.watch.permitRefused(answer.kind);
    if (answer.kind === 'being-driven' || answer.kind === 'already-granted') {
      const mine = await this.findUnheardGrant();
      if (mine !== null) return { kind: 'granted-unheard', nonce: mine };
    }
    return { kind: 'refused', nonce, answer };
  }

  /** A request that waited too long for its answer can no longer lead to a valid grant; the next one begins afresh, under another nonce. */
  private renewNonce(): void {
    const { clock, ids, times } = this.ports;
    if (this.unansweredSince === null || elapsedMs(clock, this.unansweredSince) < times.nonceMs) return;
    this.givenUp.push(this.nonce);
    this.nonce = ids.draw('nonce');
    this.unansweredSince = null;
  }

  /** Somebody holds the attempt. Was it granted to a request of this handling whose answer was lost? */
  private async findUnheardGrant(): Promise<string | null> {
    for (const nonce of this.givenUp) {
      const answer = await this.request(nonce);
      if (answer?.kind === 'granted') return nonce;
    }
    return null;
  }

  /** One request; null when no answer came. */
  private async request(nonce: string): Promise<PermitAnswer | null> {
    const { command, ports } = this;
    const { attemptId, siteId, terminalId } = command;
    const request: PermitRequest = { workerId: ports.workerId, siteId, terminalId, attemptId, nonce, predecessors: ports.journal.predecessors() };
    try {
      return await ports.watch.span('worker.permit', command, () => ports.ledger.permit(request));
    } catch (error) {
      if (error instanceof Unavailable) return null;
      throw error;
    }
  }
}
