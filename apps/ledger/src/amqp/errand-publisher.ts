import { exchanges } from '@kkm/contracts';
import type { ControlHint } from '@kkm/core';
import type { ErrandPublisher } from '@kkm/flow/ledger';
import type { Broker } from '@kkm/messaging';

/** Errands over the broker: returns as the gateway sends commands, recoveries as hints that are gone when nobody takes them in time. */
export function errandPublisher(broker: Broker): ErrandPublisher {
  return {
    run: (command) =>
      broker.publish({
        exchange: exchanges.commands,
        routingKey: `${command.siteId}.${command.terminalId}`,
        body: command,
        messageId: command.attemptId,
        type: 'payment-command',
      }),
    recover: (command, expiresMs) => {
      const body: ControlHint = { kind: 'recover', command };
      broker.hint({ exchange: exchanges.control, routingKey: `${command.siteId}.${command.terminalId}`, body, expiresMs });
    },
  };
}
