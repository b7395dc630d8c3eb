import { randomUUID } from 'node:crypto';
import type { DoorReply } from '../harness/door-line';
import { checkOver, kopecks, refused, statuses, unlessCut } from './cafe-client';
import type { Belief, Bill, CafeClient, ClientPlace } from './cafe-client';
import { followInner } from './follow-inner';

/**
 * In the manner of a CRM that builds its commands out of form fields: every number and every flag is text ("150.00", 'true', "0"), members that it has no value for are null or "",
 * and names are spelled in cases of its own.
 */
export function textSender({ line, registerNumber, pollMs }: ClientPlace): CafeClient {
  const ids = new Map<string, string>();

  async function follow(idCommand: string): Promise<Belief> {
    const inner = await followInner(() => line.send({ command: 'GetRezult', idCommand }), pollMs);
    return inner ? beliefOf(inner) : { kind: 'unsure' };
  }

  async function sell(bill: Bill): Promise<Belief> {
    const idCommand = ids.get(bill.number) ?? randomUUID();
    ids.set(bill.number, idCommand);
    const check = { ...asText(checkOver(bill)), NumDevice: String(registerNumber), Timeout: '30', PayByProcessing: 'true', NumDeviceByProcessing: null };
    return unlessCut(async () => {
      const reply = await line.send({ ...check, idCommand, ReceiptNumber: bill.number, ClientAddress: '', TaxVariant: '', InnKkm: null });
      return reply.Status === statuses.run || reply.Status === statuses.notRun ? follow(idCommand) : beliefOf(reply);
    });
  }

  return { sell, again: sell, look: ({ number }) => follow(ids.get(number) ?? ''), giveBack: null };
}

function beliefOf(reply: DoorReply): Belief {
  if (reply.Status !== statuses.ok) return refused(reply);
  return { kind: 'done', amount: kopecks(reply.ElectronicPayment), charge: reply.RezultProcessing?.RRNCode ?? null };
}

/** The same with every number and flag as text, at any depth; sums with two decimals, as forms have them. */
function asText(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, textOf(name, value)]));
}

const sums = new Set(['Cash', 'ElectronicPayment', 'AdvancePayment', 'Credit', 'CashProvision', 'Price', 'Amount']);

function textOf(name: string, value: unknown): unknown {
  if (typeof value === 'number') return sums.has(name) ? value.toFixed(2) : String(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((item) => textOf(name, item));
  return typeof value === 'object' && value !== null ? asText(value as Readonly<Record<string, unknown>>) : value;
}
