import { exchanges, progressSchema } from '@kkm/contracts';
import type { Progress } from '@kkm/core';
import type { Broker, Subscription } from '@kkm/messaging';

/** Live progress for streams. Listened to on the broker only while somebody watches: at full load it is most of all messages. */
export class ProgressHub {
  private readonly listeners = new Set<(progress: Progress) => void>();
  private subscription: Promise<Subscription> | null = null;

  constructor(private readonly broker: Broker) {}

  /** Hears all progress from now on. The returned function ends it. */
  async join(listener: (progress: Progress) => void): Promise<() => void> {
    this.listeners.add(listener);
    this.subscription ??= this.broker.listen([{ exchange: exchanges.progress, routingKey: '#' }], ({ body }) => this.tell(body));
    try {
      await this.subscription;
    } catch (error) {
      this.subscription = null;
      this.listeners.delete(listener);
      throw error;
    }
    return () => this.leave(listener);
  }

  private leave(listener: (progress: Progress) => void): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0 || !this.subscription) return;
    const ending = this.subscription;
    this.subscription = null;
    void ending.then((subscription) => subscription.cancel());
  }

  private tell(body: unknown): void {
    const progress = progressSchema.safeParse(body);
    // Nothing is decided by progress: what cannot be read is left out.
    if (!progress.success) return;
    for (const listener of this.listeners) listener(progress.data);
  }
}
