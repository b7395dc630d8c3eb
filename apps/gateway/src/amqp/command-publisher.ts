import { exchanges } from '@kkm/contracts';
import type { CommandPublisher } from '@kkm/flow/gateway';
import type { Broker } from '@kkm/messaging';

/** Commands and hints over the broker. A command's message id is its attempt: the same on every repeat. */
export function commandPublisher(broker: Broker): CommandPublisher {
  return {
    publish: (command) =>
      broker.publish({
        exchange: exchanges.commands,
        routingKey: `${command.siteId}.${command.terminalId}`,
        body: command,
        messageId: command.attemptId,
        type: 'payment-command',
      }),
    hint: (terminal, hint) => broker.hint({ exchange: exchanges.control, routingKey: `${terminal.siteId}.${terminal.terminalId}`, body: hint }),
  };
}
