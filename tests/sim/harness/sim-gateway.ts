import { exchanges, exchangeTable, queues, queueTable, terminalQueues } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import type { LateApproval, PaymentCommand, SbpNotificationAnswer, SbpNotificationRequest, SbpWay, TerminalSettings } from '@kkm/core';
import { CancelPayment, RedoPayment, RefundPayment, ResolvePayment, SwitchPayment, TakePayment } from '@kkm/flow/gateway';
import type { Ledger, OpeningPorts } from '@kkm/flow/gateway';
import type { Broker } from '@kkm/messaging';
import type { SimProcess } from './sim-process';

const callTimeoutMs = 8_000;

/** The gateway's doors. */
export interface SimGateway {
  readonly process: SimProcess;
  readonly take: TakePayment;
  readonly redo: RedoPayment;
  readonly cancel: CancelPayment;
  readonly resolve: ResolvePayment;
  readonly refund: RefundPayment;
  readonly switch: SwitchPayment;
  notified(request: SbpNotificationRequest): Promise<SbpNotificationAnswer>;
  readonly ledger: Ledger;
}

/** Starts a gateway: declares the queues, tells workers their terminals, and takes payments. */
export async function startGateway(
  process: SimProcess,
  terminals: readonly TerminalSettings[],
  told: { readonly lateApproval: LateApproval; readonly wayOf: (terminalId: string) => SbpWay; readonly commandSent: (command: PaymentCommand) => void },
): Promise<SimGateway> {
  const broker = await process.connect('kkm');
  await broker.declare(exchangeTable, [...queueTable, ...terminals.flatMap(({ siteId, terminalId }) => terminalQueues(siteId, terminalId))]);
  await broker.serve(queues.gatewayRpc, { prefetch: 10 }, (_method, request) => {
    const { knownRevision } = request as { knownRevision: number | null };
    return Promise.resolve({ revision: 1, terminals: knownRevision === 1 ? null : terminals });
  });
  const ledger = ledgerOver(broker);
  const ports: OpeningPorts = {
    ledger,
    commands: {
      publish: (command) => {
        told.commandSent(command);
        return broker.publish({
          exchange: exchanges.commands,
          routingKey: `${command.siteId}.${command.terminalId}`,
          body: command,
          messageId: command.attemptId,
        });
      },
      hint: ({ siteId, terminalId }, hint) => broker.hint({ exchange: exchanges.control, routingKey: `${siteId}.${terminalId}`, body: hint }),
    },
    equipment: {
      forPayment: ({ terminalId }) =>
        Promise.resolve({
          acquiring: null,
          terminal: terminalId === null ? null : { terminalId, enabled: true, sbp: told.wayOf(terminalId), bank: null },
          lateApproval: told.lateApproval,
        }),
    },
    digest: (text) => text,
  };
  return {
    process,
    take: new TakePayment(ports),
    redo: new RedoPayment(ports),
    cancel: new CancelPayment(ports),
    resolve: new ResolvePayment(ports),
    refund: new RefundPayment(ports),
    switch: new SwitchPayment(ports),
    notified: (request) => broker.call<SbpNotificationAnswer>(queues.ledgerRpc, 'sbp.notified', request, { timeoutMs: callTimeoutMs }),
    ledger,
  };
}

function ledgerOver(broker: Broker): Ledger {
  const call = <Method extends keyof LedgerCalls>(method: Method, request: LedgerCalls[Method]['request']) =>
    broker.call<LedgerCalls[Method]['answer']>(queues.ledgerRpc, method, request, { timeoutMs: callTimeoutMs });
  return {
    open: (request) => call('payments.open', request),
    redo: (request) => call('payments.redo', request),
    replay: (request) => call('payments.replay', request),
    cancel: (request) => call('payments.cancel', request),
    refund: (request) => call('payments.refund', request),
    switch: (request) => call('payments.switch', request),
    resolve: (request) => call('payments.resolve', request),
    close: (request) => call('payments.close', request),
    verdict: (request) => call('payments.verdict', request),
    read: (request) => call('payments.read', request),
    list: (request) => call('payments.list', request),
    reject: (request) => call('payments.reject', request),
    events: (request) => call('events.read', request),
    feedEnd: () => call('events.end', {}),
    standing: (terminal) => call('terminals.standing', terminal),
  };
}
