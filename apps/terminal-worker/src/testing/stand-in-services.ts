import { exchanges, exchangeTable, queues, queueTable, terminalQueues } from '@kkm/contracts';
import type {
  AttemptResult,
  BaselineRequest,
  HeartbeatRequest,
  KnowledgeRequest,
  LeaseRequest,
  PaymentCommand,
  PermitRequest,
  Progress,
  TerminalSettings,
} from '@kkm/core';
import { FakeEquipment, FakeLedger } from '@kkm/flow/testing';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { machineClock } from '../machine';

/** A ledger and a gateway on a real broker, as far as a worker meets them; both keep everything in memory and decide as the real ones do. */
export class StandInServices {
  readonly ledger = new FakeLedger(machineClock);
  readonly progress: Progress[] = [];
  readonly equipment: FakeEquipment;

  private constructor(
    readonly broker: Broker,
    terminals: readonly TerminalSettings[],
  ) {
    this.equipment = new FakeEquipment(terminals);
  }

  /** Declares everything and answers. */
  static async start(url: string, terminals: readonly TerminalSettings[]): Promise<StandInServices> {
    const broker = await connectBroker({ url, name: 'stand-in' });
    const services = new StandInServices(broker, terminals);
    await broker.declare(exchangeTable, [...queueTable, ...terminals.flatMap(({ siteId, terminalId }) => terminalQueues(siteId, terminalId))]);
    await broker.serve(queues.ledgerRpc, { prefetch: 100 }, (method, request) => services.answer(method, request));
    await broker.serve(queues.gatewayRpc, { prefetch: 10 }, (_method, request) =>
      services.equipment.ofSite(request as { readonly knownRevision: number | null }),
    );
    await broker.consume(queues.ledgerResults, { prefetch: 100 }, async ({ body }) => {
      await services.ledger.publish(body as AttemptResult);
      return 'done';
    });
    await broker.listen([{ exchange: exchanges.progress, routingKey: '#' }], ({ body }) => services.progress.push(body as Progress));
    return services;
  }

  /** Opens an attempt and publishes its command, or only the command again. */
  async send(command: PaymentCommand, known = false): Promise<void> {
    if (!known) this.ledger.open(command);
    await this.broker.publish({
      exchange: exchanges.commands,
      routingKey: `${command.siteId}.${command.terminalId}`,
      body: command,
      messageId: command.attemptId,
    });
  }

  /** Records a cancel and hints at it. */
  cancel(command: PaymentCommand): void {
    this.ledger.requestCancel(command.attemptId);
    const hint = { kind: 'cancel', attemptId: command.attemptId };
    this.broker.hint({ exchange: exchanges.control, routingKey: `${command.siteId}.${command.terminalId}`, body: hint });
  }

  private answer(method: string, request: unknown): Promise<unknown> {
    switch (method) {
      case 'worker.lease':
        return this.ledger.lease(request as LeaseRequest);
      case 'worker.permit':
        return this.ledger.permit(request as PermitRequest);
      case 'worker.baseline':
        return this.ledger.baseline(request as BaselineRequest);
      case 'worker.knowledge':
        return this.ledger.knowledge(request as KnowledgeRequest);
      case 'worker.heartbeat':
        return this.heartbeat(request as HeartbeatRequest);
      case 'terminals.standing':
        return this.ledger.standing(request as { siteId: string; terminalId: string });
      default:
        return Promise.reject(new Error(`the stand-in does not answer ${method}`));
    }
  }

  private heartbeat(request: HeartbeatRequest): Promise<unknown> {
    const others = this.ledger.members.filter((workerId) => workerId !== request.workerId);
    this.ledger.members = request.leaving ? others : [...others, request.workerId];
    return this.ledger.heartbeat(request);
  }
}
