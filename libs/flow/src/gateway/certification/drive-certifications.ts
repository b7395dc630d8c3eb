import { KnownError, Rejected } from '@kkm/core';
import type { KeptRequest, OpenedPayment, Payment } from '@kkm/core';
import type { Ledger } from '../ports';
import type { TakePaymentRequest } from '../take-payment';
import type { TerminalAsk } from '../terminal-requests';
import type { Clock } from '../../worker/ports';
import { afterLinkTest, afterPayment, finish, methodOf } from './certification-record';
import type { CertificationRecord, CertificationStage } from './certification-record';
import type { CertificationStore } from './certification-store';

/** What certifications are driven through. */
export interface CertificationPorts {
  readonly store: CertificationStore;
  readonly payments: { open(request: TakePaymentRequest): Promise<OpenedPayment> };
  readonly ledger: Pick<Ledger, 'read' | 'cancel'>;
  readonly requests: { run(ask: TerminalAsk): Promise<KeptRequest> };
  readonly clock: Clock;
  readonly log: { warn(facts: object, text: string): void };
}

/** How often what runs is looked at, how long whoever took one has for it, and how many are taken at a time. */
const times = { everyMs: 300, takenForMs: 20_000, takenMax: 50, linkTestMs: 5_000 } as const;

/** A test payment waits so long for its terminal, seconds. */
const expiresInSeconds = 180;

/**
 * Drives certifications, step by step, from what is stored: any replica takes up what another has left. A step that is done twice does nothing twice: each payment
 * and each link test has a key of its own, and of two records written from the same version one stands.
 */
export class DriveCertifications {
  private stopped = false;

  constructor(private readonly ports: CertificationPorts) {}

  /** Takes one step of each certification that is due. */
  async look(): Promise<void> {
    const { store, clock } = this.ports;
    const nowMs = clock.wallMs();
    const due = await store.takeDue({ nowMs, untilMs: nowMs + times.takenForMs, limit: times.takenMax });
    await Promise.all(due.map((record) => this.drive(record)));
  }

  /** Looks again and again until {@link stop}. */
  async keepLooking(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch((error: unknown) => this.ports.log.warn({ err: error }, 'Certifications cannot be looked for; trying again.'));
      await this.ports.clock.sleep(times.everyMs);
    }
  }

  /** Ends {@link keepLooking}. */
  stop(): void {
    this.stopped = true;
  }

  private async drive(record: CertificationRecord): Promise<void> {
    const { store, clock, log } = this.ports;
    try {
      const after = await this.step(record);
      const dueMs = after.state !== 'running' || after.stage.kind === 'prompt' ? null : clock.wallMs() + times.everyMs;
      await store.save(after, dueMs);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      // It is due again by itself once the time for which it was taken is over.
      log.warn({ err: error, certificationId: record.id }, 'A certification could not go on; trying again.');
    }
  }

  private async step(record: CertificationRecord): Promise<CertificationRecord> {
    const { stage } = record;
    switch (stage.kind) {
      case 'payment':
        return stage.paymentId === null ? this.open(record, stage) : this.follow(record, stage.paymentId);
      case 'prompt':
        return record;
      case 'reconnect':
        return this.testLink(record, stage);
      case 'ended':
        return finish(record, await Promise.all(record.results.map(({ paymentId }) => this.read(record, paymentId))), this.ports.clock.wallMs());
    }
  }

  private async open(record: CertificationRecord, stage: Extract<CertificationStage, { kind: 'payment' }>): Promise<CertificationRecord> {
    try {
      const { payment } = await this.ports.payments.open(testPayment(record, stage.number));
      return { ...record, stage: { ...stage, paymentId: payment.id } };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return { ...record, stopping: true, refusal: error.code, stage: { kind: 'ended' } };
    }
  }

  private async follow(record: CertificationRecord, paymentId: string): Promise<CertificationRecord> {
    const payment = await this.read(record, paymentId);
    const isOpen = payment.status === 'pending' || payment.status === 'in_progress';
    if (record.stopping && isOpen && payment.cancelRequested === null) await this.cancel(record, paymentId);
    return afterPayment(record, payment, this.ports.clock.wallMs());
  }

  /** Refused: it has just ended, and the next look shows how. */
  private async cancel({ siteId }: CertificationRecord, paymentId: string): Promise<void> {
    await this.ports.ledger.cancel({ scope: [siteId], paymentId }).catch((error: unknown) => {
      if (!(error instanceof Rejected)) throw error;
    });
  }

  private async testLink(record: CertificationRecord, { after, tries }: Extract<CertificationStage, { kind: 'reconnect' }>): Promise<CertificationRecord> {
    const { id, siteId, terminalId, askedBy: by } = record;
    const key = `certification:${id}:${after}:${tries}`;
    const kept = await this.ports.requests.run({ siteId, terminalId, kind: 'link-test', key, by, waitMs: times.linkTestMs });
    if (kept.answeredAt === null) return record;
    return afterLinkTest(record, kept.state === 'done' ? Date.parse(kept.answeredAt) : null, this.ports.clock.wallMs());
  }

  private read({ siteId }: CertificationRecord, paymentId: string): Promise<Payment> {
    return this.ports.ledger.read({ scope: [siteId], by: { paymentId } });
  }
}

/** The request of a test payment: made of the plan alone, so that a repeat is the same request. */
function testPayment({ id, siteId, terminalId, plan }: CertificationRecord, number: number): TakePaymentRequest {
  const key = `certification:${id}:${number}`;
  const asked = { siteId, orderId: key, amount: plan.amount, currency: plan.currency, method: methodOf(plan, number), terminalId, purpose: 'test' } as const;
  const rest = { registerId: null, expiresInSeconds, additional: false, metadata: { certificationId: id } };
  return { ...asked, ...rest, idempotencyKey: key, scope: [siteId], asSent: asked };
}
