import { Rejected } from '@kkm/core';
import type { Payment, SiteScope } from '@kkm/core';
import { mustOffer } from './choose-terminal';
import type { CommandPublisher, Equipment, Ledger } from './ports';

/** A checked request to change over to the other method. */
export interface SwitchRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
  readonly method: 'card' | 'sbp_qr';
}

/** The guest wants to pay the other way: the ledger records it and alone decides what follows, then whoever drives the running attempt gets a hint to stop (design-money, clause 20). */
export class SwitchPayment {
  constructor(private readonly ports: { readonly ledger: Ledger; readonly commands: CommandPublisher; readonly equipment: Equipment }) {}

  /** @throws Rejected `payment.not_found`, `payment.not_switchable`, `sbp.not_offered`, `sbp.bank_not_configured`; Unavailable when the ledger did not answer. */
  async run({ scope, paymentId, method }: SwitchRequest): Promise<Payment> {
    const { siteId, terminalId } = await this.ports.ledger.read({ scope, by: { paymentId } });
    const { terminal } = await this.ports.equipment.forPayment({ siteId, registerId: null, terminalId });
    if (!terminal) throw new Rejected('payment.not_switchable', { detail: `Terminal ${terminalId} does not exist any more.` });
    mustOffer(terminal, method);
    const { payment, driving } = await this.ports.ledger.switch({ scope, paymentId, method, sbp: terminal.sbp });
    if (driving) this.ports.commands.hint(driving, { kind: 'cancel', attemptId: driving.attemptId });
    return payment;
  }
}
