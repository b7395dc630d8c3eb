import { controlHint, paymentCommand } from '@kkm/contracts';
import { Worker, type Disposition } from '@kkm/flow/worker';
import type { Delivery } from '@kkm/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { terminalPatterns } from './terminal-queues';

/** Hands what terminals are sent to the worker. */
@Controller()
export class CommandsConsumer {
  constructor(private readonly worker: Worker) {}

  /** One delivery of a payment command. */
  @EventPattern(terminalPatterns.commands)
  async command(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Disposition> {
    const read = paymentCommand.safeParse(body);
    if (!read.success) return { park: 'message.malformed' };
    const command = read.data;
    if (delivery.routingKey !== `${command.siteId}.${command.terminalId}`) return { park: 'the command is for another terminal' };
    return await this.worker.handle(command.terminalId, command);
  }

  /** A hint for the lease holder; one that cannot be read is not missed. */
  @EventPattern(terminalPatterns.hints)
  async hint(@Payload() body: unknown): Promise<Disposition> {
    const read = controlHint.safeParse(body);
    if (read.success) await this.worker.hint(read.data);
    return 'done';
  }
}
