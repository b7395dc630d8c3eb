import { randomBytes } from 'node:crypto';
import { pause } from '@kkm/testkit';
import type { DoorReply } from '../harness/door-line';
import { checkOver, kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';

/** How often it polls before a person would close the window. The real one has no end. */
const looks = 400;

/**
 * In the manner of a JavaScript library: submits a check asynchronously and polls while the status **within** `Rezult` is 1; any other value, a queued 4 included, ends its loop, and while
 * `Rezult` is missing it asks again without a pause. Its ids have 60 characters.
 */
export function innerStatusPoller({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(idCommand: string): Promise<Belief> {
    for (let look = 0; look < looks; look += 1) {
      const { Rezult: inner } = await line.send({ Command: 'GetRezult', IdCommand: idCommand });
      if (!inner) continue;
      if (inner.Status !== statuses.run) return beliefOf(inner);
      await pause(pollMs);
    }
    return { kind: 'unsure' };
  }

  async function sell(bill: Bill): Promise<Belief> {
    const idCommand = ids.get(bill.number) ?? longId();
    ids.set(bill.number, idCommand);
    return unlessCut(async () => {
      const reply = await line.send({ ...checkOver(bill), CashierVatin: '430601071197', NumDevice: registerNumber, Timeout: 1, IdCommand: idCommand });
      return reply.Status === statuses.ok || reply.Status === statuses.error ? beliefOf(reply) : follow(idCommand);
    });
  }

  return { sell, again: sell, look: ({ number }) => follow(ids.get(number) ?? ''), giveBack: null };
}

function beliefOf(reply: DoorReply): Belief {
  if (reply.Status === statuses.error || reply.Status === statuses.notFound) return refused(reply);
  if (reply.Status !== statuses.ok) return { kind: 'unsure' };
  return { kind: 'done', amount: kopecks(reply.ElectronicPayment), charge: reply.RezultProcessing?.RRNCode ?? null };
}

/** Groups of 8, 8, 8, 8 and 24 characters. */
function longId(): string {
  return [8, 8, 8, 8, 24].map((length) => randomBytes(length / 2).toString('hex')).join('-');
}
