import { completionEventSchema } from '@kkm/contracts';
import { idCommandMember } from '@kkm/core';
import type { FollowPayment } from '@kkm/flow/kkmserver';
import type { Delivery, Disposition } from '@kkm/messaging';

/** Hears from the durable queue of completion events that a payment succeeded, and has its command taken up again where one waits for that. */
export class CheckFollower {
  constructor(private readonly follow: Pick<FollowPayment, 'run'>) {}

  /** Handles one event; the same event any number of times, on any replica. */
  async handle({ body }: Pick<Delivery, 'body'>): Promise<Disposition> {
    if (isOfAnotherDoor(body)) return 'done';
    const event = completionEventSchema.safeParse(body);
    if (!event.success) return { park: 'request.invalid' };
    const { data } = event.data;
    return 'attempts' in data ? this.follow.run(data) : 'done';
  }
}

/** While an earlier ledger still sends every payment here, by far the most are no checks: they are not worth the whole schema. */
function isOfAnotherDoor(body: unknown): boolean {
  const { metadata } = (body as { readonly data?: { readonly metadata?: unknown } } | null)?.data ?? {};
  return typeof metadata === 'object' && metadata !== null && !(idCommandMember in metadata);
}
