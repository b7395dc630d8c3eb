import { randomBytes } from 'node:crypto';
import { pause } from '@kkm/testkit';
import type { DoorReply } from '../harness/door-line';
import { checkOver, kopecks, statuses, unlessCut } from './cafe-client';
import type { Belief, CafeClient, ClientPlace } from './cafe-client';

/** Seconds that it lets the server wait, and ms that it waits itself. */
const patience = { timeout: 90, limitMs: 100_000 } as const;

/** How often it asks for a result; the real one pauses 5 s each time. */
const tries = 60;

/** What it says of a charge whose reference it did not get: it cannot be given back by this client. */
const unknownCharge = 'unknown';

/**
 * In the manner of a computer club's desk: checks alone, charged by the register's automatic acquiring (neither PayByProcessing nor NumDevice are sent). It keeps `RRN:code` of `RezultProcessing`
 * to give the charge back later, and takes **any** text in Error for a failure, whatever the status.
 */
export function clubDesk({ line, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(idCommand: string): Promise<Belief> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const reply = await line.send({ Command: 'GetRezult', IdCommand: idCommand });
      const failure = failureOf(reply) ?? (reply.Rezult ? null : 'No result');
      if (failure !== null) return { kind: 'refused', error: failure };
      const inner = reply.Rezult ?? {};
      if (inner.Status !== statuses.run && inner.Status !== statuses.notRun) return beliefOf(inner);
      await pause(pollMs * 2);
    }
    return { kind: 'unsure' };
  }

  async function submit(check: Readonly<Record<string, unknown>>, idCommand: string): Promise<Belief> {
    const reply = await line.send({ ...check, Timeout: patience.timeout, IdCommand: idCommand }, { limitMs: patience.limitMs });
    return reply.Status === statuses.run || reply.Status === statuses.notRun ? follow(idCommand) : beliefOf(reply);
  }

  return {
    sell: (bill) => {
      const idCommand = ids.get(bill.number) ?? shortId();
      ids.set(bill.number, idCommand);
      return unlessCut(() => submit(checkOver(bill), idCommand));
    },
    // It keeps a journal and asks for the result of an operation that it has begun, instead of sending it again.
    again: ({ number }) => unlessCut(() => follow(ids.get(number) ?? '')),
    look: ({ number }) => follow(ids.get(number) ?? ''),
    giveBack: (charge, bill) => {
      const [rrn, code] = charge.split(':');
      return submit({ ...checkOver(bill, 1), RRNCode: rrn, AuthorizationCode: code }, shortId());
    },
  };
}

function beliefOf(reply: DoorReply): Belief {
  const failure = failureOf(reply);
  if (failure !== null) return { kind: 'refused', error: failure };
  const { RRNCode: rrn, AuthorizationCode: code } = reply.RezultProcessing ?? {};
  return { kind: 'done', amount: kopecks(reply.ElectronicPayment), charge: rrn && code ? `${rrn}:${code}` : unknownCharge };
}

function failureOf(reply: DoorReply): string | null {
  if (reply.Error) return reply.Error.replace(/^Message: /, '');
  const known: readonly (number | undefined)[] = [statuses.ok, statuses.run, statuses.notRun];
  return known.includes(reply.Status) ? null : `Status ${String(reply.Status)}`;
}

/** 30 characters. */
function shortId(): string {
  return randomBytes(15).toString('hex');
}
