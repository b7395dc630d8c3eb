import { randomUUID } from 'node:crypto';
import type { DoorReply } from '../harness/door-line';
import { checkOver, kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';

/** The real one has no bound but the server's patience with it. */
const resendsMax = 3;

/**
 * In the manner of a library that waits for every answer: it never sends a Timeout, never polls, calls a method of `Error` unchecked, and sends a check **again under a new id** when a
 * failure speaks of a shift (which it closes first), or when any answer speaks of a licence. `charges`: by the check itself, or by a payment command before it.
 */
export function triggerWordResender({ line, registerNumber }: ClientPlace, charges: 'by check' | 'by payment'): CafeClient {
  const post = (command: Readonly<Record<string, unknown>>): Promise<DoorReply> =>
    line.send({ ...command, NumDevice: registerNumber, IdCommand: randomUUID() });

  async function register(check: Readonly<Record<string, unknown>>, resends = 0): Promise<DoorReply> {
    const reply = await post(check);
    const text = textOf(reply);
    if (resends >= resendsMax) return reply;
    if (text.includes('лиценз')) return register(check, resends + 1);
    if (reply.Status === statuses.ok || !/[Сс]мена/.test(text)) return reply;
    await post({ Command: 'CloseShift', CashierName: 'Кассир' });
    return register(check, resends + 1);
  }

  async function sellByCheck(bill: Bill): Promise<Belief> {
    const reply = await register(checkOver(bill));
    return beliefOf(reply, kopecks(reply.ElectronicPayment), reply.RezultProcessing?.RRNCode);
  }

  async function sellByPayment(bill: Bill): Promise<Belief> {
    const paid = await post({ Command: 'PayByPaymentCard', Amount: bill.roubles, ReceiptNumber: bill.number });
    if (textOf(paid) !== '' || paid.Status !== statuses.ok) return beliefOf(paid, 0, undefined);
    await register({ ...checkOver(bill), PayByProcessing: false });
    return beliefOf(paid, kopecks(paid.Amount), paid.UniversalID);
  }

  const sell = (bill: Bill): Promise<Belief> => unlessCut(() => (charges === 'by check' ? sellByCheck(bill) : sellByPayment(bill)));
  return {
    sell,
    again: sell,
    look: null,
    giveBack: async (charge, bill) => {
      const reply = await post({ Command: 'CancelPaymentByPaymentCard', Amount: bill.roubles, UniversalID: universalId(charge) });
      return beliefOf(reply, kopecks(reply.Amount), reply.UniversalID);
    },
  };
}

/** Error has to be a string: this client would fall over anything else. */
function textOf({ Error: text }: DoorReply): string {
  if (typeof text !== 'string') throw new TypeError('Error is not a string');
  return text;
}

function beliefOf(reply: DoorReply, amount: number, charge: string | undefined): Belief {
  if (reply.Status === statuses.run || reply.Status === statuses.notRun) return { kind: 'unsure' };
  return reply.Status === statuses.ok ? { kind: 'done', amount, charge: charge ?? null } : refused(reply);
}

/** It takes UniversalID apart at ";" and ":" and puts together what it needs. */
function universalId(charge: string): string {
  const parts = new Map(charge.split(';').map((part) => part.split(':') as [string, string]));
  return charge.includes(':') ? `RRN:${parts.get('RRN') ?? ''};AC:${parts.get('AC') ?? ''}` : `RRN:${charge}`;
}
