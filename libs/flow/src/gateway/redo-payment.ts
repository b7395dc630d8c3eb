import type { Idempotency, Method, OpenedPayment, Payment, SiteScope } from '@kkm/core';
import { chooseTerminal } from './choose-terminal';
import { fingerprint } from './fingerprint';
import { RequestsAtWork } from './requests-at-work';
import { orReplay, publishQueued } from './take-payment';
import type { OpeningPorts } from './take-payment';

/** A checked request for a further attempt; members that are null keep the payment's value. */
export interface RedoRequest {
  readonly idempotencyKey: string;
  readonly scope: SiteScope;
  readonly paymentId: string;
  readonly method: Method | null;
  readonly terminalId: string | null;
  readonly amount: number | null;
  readonly expiresInSeconds: number;
  /** The members as they were sent. */
  readonly asSent: unknown;
}

/** Opens a further attempt on the same payment. The ledger lets exactly one of any number of simultaneous redos win. */
export class RedoPayment {
  private readonly atWork = new RequestsAtWork();

  constructor(private readonly ports: OpeningPorts) {}

  /**
   * @throws Rejected `payment.not_redoable` and what else can never succeed.
   * @throws Unavailable when ledger or broker did not answer.
   */
  async run(request: RedoRequest): Promise<OpenedPayment> {
    const { paymentId, idempotencyKey: key } = request;
    const idempotency: Idempotency = { key, fingerprint: fingerprint(this.ports.digest, `payments.redo ${paymentId}`, request.asSent) };
    return this.atWork.alone(JSON.stringify([paymentId, key]), async () => {
      const payment = await this.ports.ledger.read({ scope: request.scope, by: { paymentId } });
      const opened = await orReplay(this.ports.ledger, { siteId: payment.siteId, idempotency }, () => this.redo(request, payment, idempotency));
      await publishQueued(this.ports.commands, opened);
      return opened;
    });
  }

  /** The terminal must still exist and be on, whether it is named anew or the payment's own: a command to a terminal that is gone would wait for nobody. */
  private async redo(request: RedoRequest, payment: Payment, idempotency: Idempotency): Promise<OpenedPayment> {
    const terminalId = request.terminalId ?? payment.terminalId;
    const equipment = await this.ports.equipment.forPayment({ siteId: payment.siteId, registerId: null, terminalId });
    const { sbp, bank } = chooseTerminal({ registerId: null, terminalId, method: request.method ?? payment.method }, equipment);
    const { scope, paymentId, method, amount, expiresInSeconds } = request;
    return this.ports.ledger.redo({ idempotency, scope, paymentId, method, terminalId: request.terminalId, amount, expiresInSeconds, sbp, bank });
  }
}
