import { exchanges, progressSchema } from '@kkm/contracts';
import type { Progress } from '@kkm/core';
import type { Broker, Delivery, Subscription } from '@kkm/messaging';
import type { WorkerTrust } from '../access/worker-trust';

/** Live progress for streams, of each site from its own workers alone: it shows QRs, which guests pay. Listened to on the broker only while somebody watches: at full load it is most of all messages. */
export class ProgressHub {
  private readonly listeners = new Set<(progress: Progress) => void>();
  private subscription: Promise<Subscription> | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly trust: WorkerTrust,
  ) {}

  /** Hears all progress from now on. The returned function ends it. */
  async join(listener: (progress: Progress) => void): Promise<() => void> {
    this.listeners.add(listener);
    this.subscription ??= this.broker.listen([{ exchange: exchanges.progress, routingKey: '#' }], (delivery) => this.tell(delivery));
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

  private tell({ body, userId }: Delivery): void {
    const progress = progressSchema.safeParse(body);
    // Nothing is decided by progress: what cannot be read, or comes from another site's worker, is left out.
    if (!progress.success || !this.trust.speaksFor(progress.data.siteId, userId)) return;
    for (const listener of this.listeners) listener(progress.data);
  }
}
