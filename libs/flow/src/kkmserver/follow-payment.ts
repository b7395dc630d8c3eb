import { idCommandMember } from '@kkm/core';
import type { Payment } from '@kkm/core';
import { orderIdOf } from './command-keys';
import type { CommandRecord } from './command-store';
import type { DriveCommand } from './drive-command';
import type { CommandPorts } from './ports';
import { changed } from './saga';

/** What came of an event: `done`, or it is to be told again: the command is being driven just now, perhaps by somebody who has read the payment before. */
export type Followed = 'done' | 'retry';

/**
 * Takes a command up again whose payment was charged after the command was answered: the bill was redone. Told of every payment that succeeded, any number of
 * times, on any replica.
 */
export class FollowPayment {
  constructor(
    private readonly ports: CommandPorts,
    private readonly drive: DriveCommand,
  ) {}

  /** @throws Unavailable when the store cannot be had. */
  async run(payment: Payment): Promise<Followed> {
    // Payments of other doors, by far the most, cost no look into the store.
    if (payment.metadata[idCommandMember] === undefined) return 'done';
    const record = await this.commandOf(payment);
    if (!record || !mayConcern(record)) return 'done';
    await this.drive.run(record.id);
    const newest = await this.ports.store.byId(record.id);
    return newest && mayConcern(newest) ? 'retry' : 'done';
  }

  private async commandOf(payment: Payment): Promise<CommandRecord | null> {
    const { store, clock } = this.ports;
    const opened = await store.byPayment(payment.id);
    if (opened) return opened;
    const asked = await store.byIdCommand(payment.siteId, payment.metadata[idCommandMember] ?? '');
    if (!asked || !this.isItsCharge(asked, payment)) return null;
    // A replica stood still between the ledger's answer and its note of it, and the command was given up meanwhile.
    const adopted = changed(asked, { paymentId: payment.id, follows: true }, clock.wallMs());
    return (await store.save(adopted)) ? adopted : asked;
  }

  private isItsCharge(record: CommandRecord, { orderId, amount }: Payment): boolean {
    const { acquiring, stage, paymentId, chargeAmount } = record;
    return acquiring === 'charge' && stage === 'done' && paymentId === null && chargeAmount === amount && orderId === orderIdOf(record, this.ports.digest);
  }
}

/** Whether its payment's success may be news to the command. One that makes its receipt or gives back knows it. */
function mayConcern({ stage, follows }: CommandRecord): boolean {
  return stage === 'done' ? follows : stage === 'taken' || stage === 'charging';
}
