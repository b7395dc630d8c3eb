import { completionEventSchema } from '@kkm/contracts';
import type { FollowPayment } from '@kkm/flow/kkmserver';
import type { Delivery, Disposition } from '@kkm/messaging';

/** Hears from the durable queue of completion events that a payment succeeded, and has its command taken up again where one waits for that. */
export class CheckFollower {
  constructor(private readonly follow: FollowPayment) {}

  /** Handles one event; the same event any number of times, on any replica. */
  async handle({ body }: Pick<Delivery, 'body'>): Promise<Disposition> {
    const event = completionEventSchema.safeParse(body);
    if (!event.success) return { park: 'request.invalid' };
    const { data } = event.data;
    return 'attempts' in data ? this.follow.run(data) : 'done';
  }
}
