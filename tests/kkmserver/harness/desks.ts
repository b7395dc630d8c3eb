import type { Payment } from '@kkm/core';
import type { TestKkm } from '../../e2e/harness/test-kkm';
import { bareSender } from '../clients/bare-sender';
import type { Belief, Bill, CafeClient, ClientPlace } from '../clients/cafe-client';
import { clubDesk } from '../clients/club-desk';
import { impatientPayer } from '../clients/impatient-payer';
import { innerStatusPoller } from '../clients/inner-status-poller';
import { outerIdPoller } from '../clients/outer-id-poller';
import { outerStatusPoller } from '../clients/outer-status-poller';
import { strictReader } from '../clients/strict-reader';
import { textSender } from '../clients/text-sender';
import { triggerWordResender } from '../clients/trigger-word-resender';
import { DoorLine } from './door-line';

/** What a family of clients is like, as far as the expectations differ. */
interface Family {
  readonly name: string;
  readonly open: (place: ClientPlace) => CafeClient;
  /** Whether a second press of the button sends the same id, or asks for the first one's result. */
  readonly keepsId: boolean;
  /** Whether its bills carry a ReceiptNumber. */
  readonly namesBill: boolean;
  /** What its commands charge by: a check's automatic acquiring, or a payment command. */
  readonly charges: 'by check' | 'by payment';
  readonly account?: 'admin';
}

/** Ms that the impatient one waits; the real one waits 130 s. */
const impatienceMs = 4_000;

/** Every family of the KkmServer facts, the first at the first register: its checks name none. */
export const families: readonly Family[] = [
  { name: 'club desk', open: clubDesk, keepsId: true, namesBill: false, charges: 'by check' },
  { name: 'outer-status poller', open: outerStatusPoller, keepsId: true, namesBill: false, charges: 'by payment' },
  { name: 'inner-status poller', open: innerStatusPoller, keepsId: true, namesBill: false, charges: 'by check' },
  { name: 'bare sender', open: bareSender, keepsId: true, namesBill: false, charges: 'by check', account: 'admin' },
  { name: 'text sender', open: textSender, keepsId: true, namesBill: true, charges: 'by check' },
  { name: 'trigger-word resender', open: (place) => triggerWordResender(place, 'by check'), keepsId: false, namesBill: false, charges: 'by check' },
  { name: 'trigger-word payer', open: (place) => triggerWordResender(place, 'by payment'), keepsId: false, namesBill: true, charges: 'by payment' },
  { name: 'outer-id poller', open: outerIdPoller, keepsId: true, namesBill: true, charges: 'by payment', account: 'admin' },
  { name: 'impatient payer', open: (place) => impatientPayer(place, impatienceMs), keepsId: false, namesBill: true, charges: 'by payment' },
  { name: 'strict reader', open: strictReader, keepsId: true, namesBill: false, charges: 'by check' },
];

/** A client of a family with a register and a terminal of its own. */
export interface Desk extends Family {
  readonly client: CafeClient;
  readonly line: DoorLine;
  readonly registerId: string;
  readonly registerNumber: number;
  readonly terminalId: string;
}

/** Every family at a desk of its own: `desk-1` on `pax-1`, and so on. */
export async function openDesks(kkm: TestKkm): Promise<readonly Desk[]> {
  const desks: Desk[] = [];
  for (const [index, family] of families.entries()) {
    const registerId = `desk-${index + 1}`;
    const terminalId = `pax-${index + 1}`;
    const registerNumber = await enterRegister(kkm, registerId, terminalId);
    const { url, accounts } = kkm.stack.kkmserver;
    const line = new DoorLine({ url, ...accounts[family.account ?? 'user'] });
    desks.push({ ...family, registerId, terminalId, registerNumber, line, client: family.open({ line, registerNumber, pollMs: 100 }) });
  }
  return desks;
}

/** The register's number; entered unless it is there. */
async function enterRegister(kkm: TestKkm, registerId: string, terminalId: string): Promise<number> {
  const automaticAcquiring = { option: 'card', terminalId };
  const known = await kkm.call<{ readonly numDevice: number }>('GET', `/v1/registers/${registerId}`);
  if (known.status === 200) {
    await kkm.call('PUT', `/v1/registers/${registerId}/automatic-acquiring`, { body: automaticAcquiring });
    return known.body.numDevice;
  }
  const body = { id: registerId, siteId: kkm.stack.siteId, name: registerId, automaticAcquiring };
  const created = await kkm.call<{ readonly numDevice: number }>('POST', '/v1/registers', { body });
  if (created.status !== 201) throw new Error(`register: ${created.status} ${JSON.stringify(created.body)}`);
  return created.body.numDevice;
}

/** Bills of one scenario, one for each desk: no two of them have the same amount. */
export function billsOf(scenario: string, roubles: number): (desk: Desk) => Bill {
  return (desk) => ({ number: `${scenario}-${desk.registerNumber}`, roubles: roubles + families.findIndex(({ name }) => name === desk.name) / 100 });
}

/** Asks every desk at the same time; the answers by the family's name. */
export async function everyDesk<T>(desks: readonly Desk[], ask: (desk: Desk) => Promise<T>): Promise<Readonly<Record<string, T>>> {
  return Object.fromEntries(await Promise.all(desks.map(async (desk) => [desk.name, await ask(desk)] as const)));
}

/** What the bank and the ledger say of one bill, and what its client said last. Amounts in minor units. */
export interface BillAccount {
  /** Amounts of the charges in the bank's books. */
  readonly bank: readonly number[];
  /** What became of its payments in the ledger. */
  readonly ledger: readonly string[];
  readonly belief: Belief['kind'];
}

/** Looks into all three books. A bill is known by its amount and its terminal. */
export async function accountOf(kkm: TestKkm, desk: Desk, bill: Bill, belief: Belief): Promise<BillAccount> {
  const minor = Math.round(bill.roubles * 100);
  const sales = (await kkm.terminals.books()).filter(({ kind, terminalId, amount }) => kind === 'sale' && terminalId === desk.terminalId && amount === minor);
  const payments = await paymentsOf(kkm, desk, bill);
  return { bank: sales.map(({ amount }) => amount), ledger: payments.map(({ status, chargedAmount }) => `${status} ${chargedAmount}`), belief: belief.kind };
}

/** The bill's payments in the ledger, oldest first. */
export async function paymentsOf(kkm: TestKkm, desk: Desk, bill: Bill): Promise<readonly Payment[]> {
  const minor = Math.round(bill.roubles * 100);
  return (await kkm.payments()).filter(({ terminalId, amount }) => terminalId === desk.terminalId && amount === minor);
}
