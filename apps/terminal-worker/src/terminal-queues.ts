import { terminalQueue } from '@kkm/core';
import type { TerminalQueues } from '@kkm/flow/worker';
import type { AmqpStrategy, Broker } from '@kkm/messaging';

/** The event patterns behind which the queues of terminals are handled. */
export const terminalPatterns = { commands: 'terminal.commands', hints: 'terminal.hints' } as const;

/** How many hints of one terminal may be handled at a time; commands are always one. */
const hintsAtOnce = 10;

/** Subscribes run-time queues through the Nest strategy. The worker has no right to declare them: a queue that is missing is asked for again later. */
export function terminalQueues(siteId: string, strategy: AmqpStrategy, broker: Broker): TerminalQueues {
  return {
    subscribe: async (terminalId, kind) => {
      const name = terminalQueue(siteId, terminalId);
      const queue = kind === 'commands' ? name : `${name}.control`;
      if (!(await broker.expect(queue))) return null;
      await strategy.follow(queue, terminalPatterns[kind], { prefetch: kind === 'commands' ? 1 : hintsAtOnce });
      return { cancel: () => strategy.unfollow(queue) };
    },
  };
}
