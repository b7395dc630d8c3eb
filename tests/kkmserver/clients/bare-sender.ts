import { randomUUID } from 'node:crypto';
import type { DoorReply } from '../harness/door-line';
import { NothingHeard } from '../harness/door-line';
import { checkOver, kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';
import { followInner } from './follow-inner';

/** Shorter than the 60 s that the server waits when no Timeout is sent. The test's own patience is shorter still. */
const limitMs = 30_000;

/**
 * In the manner of a PHP library: a raw body without any Content-Type, at `/Execute/sync/` with a trailing slash, no Timeout, and a time limit of its own that is shorter than the
 * server's. Whoever uses it asks for the result after that.
 */
export function bareSender({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();
  const post = (command: Readonly<Record<string, unknown>>, path = '/Execute/sync/'): Promise<DoorReply> =>
    line.send(command, { path, contentType: null, limitMs });

  async function follow(idCommand: string): Promise<Belief> {
    const inner = await followInner(() => post({ Command: 'GetRezult', IdCommand: idCommand }), pollMs);
    return inner ? beliefOf(inner) : { kind: 'unsure' };
  }

  async function sell(bill: Bill): Promise<Belief> {
    const idCommand = ids.get(bill.number) ?? randomUUID();
    ids.set(bill.number, idCommand);
    return unlessCut(async () => {
      const reply = await post({ ...checkOver(bill), NumDevice: registerNumber, IdCommand: idCommand });
      return reply.Status === statuses.run || reply.Status === statuses.notRun ? follow(idCommand) : beliefOf(reply);
    });
  }

  return {
    sell,
    again: async (bill) => {
      const idCommand = ids.get(bill.number);
      if (idCommand === undefined) throw new NothingHeard('It sold nothing.');
      return unlessCut(async () => {
        await post({ ...checkOver(bill), NumDevice: registerNumber, IdCommand: idCommand }, '/Execute/async/');
        return follow(idCommand);
      });
    },
    look: ({ number }) => follow(ids.get(number) ?? ''),
    giveBack: null,
  };
}

function beliefOf(reply: DoorReply): Belief {
  if (reply.Status !== statuses.ok) return refused(reply);
  return { kind: 'done', amount: kopecks(reply.ElectronicPayment), charge: reply.RezultProcessing?.RRNCode ?? null };
}
