import { randomUUID } from 'node:crypto';
import { pause } from '@kkm/testkit';
import type { DoorReply } from '../harness/door-line';
import { kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';

/** How often it asks for a result. */
const tries = 100;

/**
 * In the manner of an older shop program: a payment command with the older members (CardNumber, ReceiptNumber, RRNCode, AuthorizationCode), polled with the **outer** id of the
 * answer before; the outer status must be 0, then the inner one is looked at, and UniversalID is read outside. Its login is in lower case.
 */
export function outerIdPoller({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(first: DoorReply): Promise<Belief> {
    let reply = first;
    for (let attempt = 0; attempt < tries && (reply.Status === statuses.run || reply.Status === statuses.notRun); attempt += 1) {
      await pause(pollMs);
      reply = await line.send({ Command: 'GetRezult', IdCommand: reply.IdCommand ?? '' });
    }
    const inner = reply.Rezult?.Status;
    if (reply.Status !== statuses.ok) return refused(reply);
    if (inner !== undefined && inner !== statuses.ok) return { kind: 'unsure' };
    return { kind: 'done', amount: kopecks(reply.Amount), charge: reply.UniversalID ?? null };
  }

  async function sell({ number, roubles }: Bill): Promise<Belief> {
    const idCommand = ids.get(number) ?? randomUUID();
    ids.set(number, idCommand);
    const members = { NumDevice: registerNumber, Amount: roubles, CardNumber: '', ReceiptNumber: number, RRNCode: '', AuthorizationCode: '' };
    return unlessCut(async () => follow(await line.send({ Command: 'PayByPaymentCard', ...members, Timeout: 5, IdCommand: idCommand })));
  }

  return {
    sell,
    again: sell,
    look: async ({ number }) => follow(await line.send({ Command: 'GetRezult', IdCommand: ids.get(number) ?? '' })),
    giveBack: async (charge, { number, roubles }) => {
      const [, rrn] = /RRN:(\d+)/.exec(charge) ?? [];
      const members = { NumDevice: registerNumber, Amount: roubles, CardNumber: '', ReceiptNumber: number, RRNCode: rrn, AuthorizationCode: '' };
      return follow(await line.send({ Command: 'CancelPaymentByPaymentCard', ...members, Timeout: 5, IdCommand: randomUUID() }));
    },
  };
}
