import type { Channel } from 'amqplib';

/** Acknowledges every `size` messages or 20 ms, whichever comes first: what consumes for a bench must not be what is measured. `end` comes before the channel is closed. */
export function acknowledgeInGroups(channel: Channel, size = 100): { readonly one: () => void; readonly end: () => void } {
  let open = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (open > 0) channel.ackAll();
    open = 0;
  };
  return {
    one: () => {
      open += 1;
      if (open >= size) flush();
      else timer ??= setTimeout(flush, 20);
    },
    end: flush,
  };
}
