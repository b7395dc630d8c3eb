import type { Idempotency, OpenedPayment, Requester, SiteScope } from '@kkm/core';
import { fingerprint } from './fingerprint';
import { RequestsAtWork } from './requests-at-work';
import type { OpeningPorts } from './take-payment';
import { publishQueued } from './take-payment';

/** A checked request to give money back. */
export interface RefundRequest {
  readonly idempotencyKey: string;
  readonly scope: SiteScope;
  readonly paymentId: string;
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly by: Requester;
  /** The members as they were sent. */
  readonly asSent: unknown;
}

/**
 * Opens a return. It goes where the money came from, which the ledger knows: to the terminal that took it, or to the bank, which the ledger asks itself. What may be
 * given back the ledger alone decides: of any number of simultaneous refunds no more wins than was charged (design-money, clause 15).
 */
export class RefundPayment {
  private readonly atWork = new RequestsAtWork();

  constructor(private readonly ports: Pick<OpeningPorts, 'ledger' | 'commands' | 'digest'>) {}

  /**
   * @throws Rejected `payment.not_found`, `payment.not_refundable`, `payment.refund_too_large` and what else can never succeed.
   * @throws Unavailable when ledger or broker did not answer.
   */
  async run({ idempotencyKey: key, asSent, ...request }: RefundRequest): Promise<OpenedPayment> {
    const { paymentId } = request;
    const idempotency: Idempotency = { key, fingerprint: fingerprint(this.ports.digest, `payments.refund ${paymentId}`, asSent) };
    return this.atWork.alone(JSON.stringify([paymentId, key]), async () => {
      const opened = await this.ports.ledger.refund({ ...request, idempotency });
      await publishQueued(this.ports.commands, opened);
      return opened;
    });
  }
}
