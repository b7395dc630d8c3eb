import { randomUUID } from 'node:crypto';
import type { DoorReply } from '../harness/door-line';
import { kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';

/** Seconds that it lets the server wait. */
const timeout = 120;

/**
 * In the manner of a till on the web: a payment command with its own time limit, after which it reports a timeout and never asks what became of it. The cashier presses the button
 * again, which sends the payment **under a new id**. It finds the charge's reference with patterns on `RRN:` and `AC:`.
 */
export function impatientPayer({ line, registerNumber }: ClientPlace, limitMs: number): CafeClient {
  const pay = (command: Readonly<Record<string, unknown>>): Promise<DoorReply> =>
    line.send({ ...command, NumDevice: registerNumber, Timeout: timeout, IdCommand: `PAY_${randomUUID()}` }, { limitMs });

  const sell = ({ number, roubles }: Bill): Promise<Belief> =>
    unlessCut(async () => beliefOf(await pay({ Command: 'PayByPaymentCard', Amount: roubles, ReceiptNumber: number })));

  return {
    sell,
    again: sell,
    look: null,
    giveBack: async (charge, { roubles }) => beliefOf(await pay({ Command: 'ReturnPaymentByPaymentCard', Amount: roubles, UniversalID: charge })),
  };
}

function beliefOf(reply: DoorReply): Belief {
  if (reply.Status === statuses.run || reply.Status === statuses.notRun) return { kind: 'unsure' };
  if (reply.Status !== statuses.ok) return refused(reply);
  const [, rrn] = /RRN:([^;]+)/.exec(reply.UniversalID ?? '') ?? [];
  const [, code] = /AC:([^;]+)/.exec(reply.UniversalID ?? '') ?? [];
  return { kind: 'done', amount: kopecks(reply.Amount), charge: rrn && code ? `RRN:${rrn};AC:${code}` : null };
}
