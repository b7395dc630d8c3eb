import type { Channel } from 'amqplib';

/** Acknowledges every `size` messages or 20 ms, whichever comes first: what consumes for a bench must not be what is measured. */
export function acknowledgeInGroups(channel: Channel, size = 100): () => void {
  let open = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (open > 0) channel.ackAll();
    open = 0;
  };
  return () => {
    open += 1;
    if (open >= size) flush();
    else timer ??= setTimeout(flush, 20);
  };
}
