import { randomUUID } from 'node:crypto';
import type { DoorReply } from '../harness/door-line';
import { checkOver, kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';
import { followInner } from './follow-inner';

/**
 * In the manner of a Java service: sends PayByProcessing with its checks and cannot do without SessionNumber, SessionCheckNumber, CheckNumber and QRCode in the answer, out of which it
 * reads the time.
 */
export function strictReader({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(idCommand: string): Promise<Belief> {
    const inner = await followInner(() => line.send({ Command: 'GetRezult', IdCommand: idCommand }), pollMs);
    return inner ? beliefOf(inner) : { kind: 'unsure' };
  }

  async function sell(bill: Bill): Promise<Belief> {
    const idCommand = ids.get(bill.number) ?? randomUUID();
    ids.set(bill.number, idCommand);
    const check = { ...checkOver(bill), NumDevice: registerNumber, PayByProcessing: true, Timeout: 30, IdCommand: idCommand };
    return unlessCut(async () => {
      const reply = await line.send(check);
      return reply.Status === statuses.run || reply.Status === statuses.notRun ? follow(idCommand) : beliefOf(reply);
    });
  }

  return { sell, again: sell, look: ({ number }) => follow(ids.get(number) ?? ''), giveBack: null };
}

function beliefOf(reply: DoorReply): Belief {
  if (reply.Status !== statuses.ok) return refused(reply);
  const numbers = [reply.SessionNumber, reply.SessionCheckNumber, reply.CheckNumber];
  if (!numbers.every((number) => Number.isInteger(number))) throw new TypeError(`The answer lacks a number: ${JSON.stringify(numbers)}`);
  const [, time] = /(?:^|&)t=(\d{8}T\d{4,6})/.exec(reply.QRCode ?? '') ?? [];
  if (time === undefined) throw new TypeError(`QRCode tells no time: ${String(reply.QRCode)}`);
  return { kind: 'done', amount: kopecks(reply.ElectronicPayment), charge: reply.RezultProcessing?.RRNCode ?? null };
}
