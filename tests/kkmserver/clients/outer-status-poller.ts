import { randomUUID } from 'node:crypto';
import { pause } from '@kkm/testkit';
import type { DoorReply } from '../harness/door-line';
import { kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';

/** How often it looks at a payment's result. */
const looks = 60;

/** It looks at a payment's result this many times less often than at others. */
const paymentPace = 1.5;

/**
 * In the manner of a till in the browser: charges the card by a command of its own, asynchronously, and polls with the id **of the answer**. Only the outer status counts,
 * and what is needed later (UniversalID, Slip) is read there too. After a network failure its form keeps the operation's id.
 */
export function outerStatusPoller({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(idCommand: string): Promise<Belief> {
    for (let look = 0; look < looks; look += 1) {
      const belief = beliefOf(await line.send({ Command: 'GetRezult', IdCommand: idCommand }));
      if (belief) return belief;
      await pause(pollMs * paymentPace);
    }
    return { kind: 'unsure' };
  }

  async function submit(command: Readonly<Record<string, unknown>>, idCommand: string): Promise<Belief> {
    const reply = await line.send({ ...command, NumDevice: registerNumber, Timeout: 1, IdCommand: idCommand });
    const belief = beliefOf(reply);
    if (belief) return belief;
    if (!reply.IdCommand) throw new Error('No command id');
    return follow(reply.IdCommand);
  }

  async function sell({ number, roubles }: Bill): Promise<Belief> {
    const idCommand = ids.get(number) ?? randomUUID();
    ids.set(number, idCommand);
    return unlessCut(() => submit({ Command: 'PayByPaymentCard', Amount: roubles }, idCommand));
  }

  return {
    sell,
    again: sell,
    look: ({ number }) => follow(ids.get(number) ?? ''),
    giveBack: (charge, { roubles }) => submit({ Command: 'ReturnPaymentByPaymentCard', Amount: roubles, UniversalID: charge }, randomUUID()),
  };
}

/** Null: it goes on. */
function beliefOf(reply: DoorReply): Belief | null {
  if (reply.Status === statuses.ok) return { kind: 'done', amount: kopecks(reply.Amount), charge: reply.UniversalID ?? null };
  if (reply.Status === statuses.error) return refused(reply);
  if (reply.Status === statuses.notFound) throw new Error(`Command not found: ${String(reply.Error)}`);
  return null;
}
