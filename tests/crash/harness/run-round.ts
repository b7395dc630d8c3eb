import type { Payment, PaymentStatus } from '@kkm/core';
import { pause } from '@kkm/testkit';
import type { BankTransaction } from '../../e2e/harness/virtual-terminal';
import type { Answer } from './answers';
import { faultsOf, moneyFaultsOf } from './audit';
import type { Lane } from './lane';
import { victimOf } from './rounds';
import type { Round, Way } from './rounds';
import { lookEveryMs, moving, refundMinor, restWithinMs, Scene } from './scene';
import type { Sale } from './scene';
import { ways } from './ways';

/** One combination: a crash point, an answer of the terminal, redelivered or not. */
export interface Cell {
  readonly answer: Answer;
  /** How its payment ended; `none`: it was never opened. */
  readonly status: PaymentStatus | 'none';
  readonly charged: number;
  /** From the return of the process until nothing moved. */
  readonly restMs: number;
  readonly faults: readonly string[];
}

/** What came of a round. */
export interface RoundReport {
  readonly round: Round;
  readonly arrived: number;
  readonly cells: readonly Cell[];
  /** What is wrong with the round as a whole. */
  readonly faults: readonly string[];
  readonly tookMs: number;
}

/** Journals are empty so soon after every worker is back. */
const journalsWithinMs = 20_000;

/** Events are published, terminals asked after people and late money decided about so soon after nothing else moves: a dead QR is asked about after 10 s, and then after 20. */
const settledWithinMs = 40_000;

/** Ways on which money comes although the payment has ended: there the first end proves nothing. */
const unseen: readonly Way[] = ['contradict', 'scan late'];

/** A sale when its payment first was at rest. */
interface Rested {
  readonly sale: Sale;
  readonly restMs: number;
  readonly faults: readonly string[];
}

/** Runs one round on a lane where nothing moves, and leaves it so. */
export async function runRound(lane: Lane, round: Round): Promise<RoundReport> {
  const begun = Date.now();
  const owners = await lane.settled();
  const [owner] = owners.toSorted((one, two) => two.terminalIds.length - one.terminalIds.length);
  if (!owner || owner.terminalIds.length < round.answers.length) throw new Error('No worker has enough free terminals.');
  const scene = new Scene(lane, round, owner);
  try {
    return await play(scene, begun);
  } finally {
    await scene.guests?.leave();
  }
}

async function play(scene: Scene, begun: number): Promise<RoundReport> {
  const { lane, round } = scene;
  await ways[round.way](scene);
  const rested = await untilRest(scene);
  await lane.revive(...lane.services);
  if (round.way === 'scan') scene.guests?.payLate();
  const faults = await faultsOfRound(scene);
  const cells = await Promise.all(rested.map((one) => audit(scene, one)));
  for (const [index, { faults: wrong }] of cells.entries()) if (wrong.length > 0) lane.setAside(scene.sales[index]?.terminalId ?? '');
  return { round, arrived: scene.arrived, cells, faults, tookMs: Date.now() - begun };
}

/** Waits until no payment moves, and looks at the money of each in the moment when it came to rest: no later correction makes good a wrong end. */
async function untilRest(scene: Scene): Promise<readonly Rested[]> {
  const since = Date.now();
  const rested = new Map<Sale, Rested>();
  const missing = mayBeMissing(scene.round);
  for (let late = false; rested.size < scene.sales.length; late = Date.now() - since > restWithinMs) {
    const payments = await scene.payments();
    for (const [index, sale] of scene.sales.entries()) {
      const payment = payments[index] ?? null;
      const moves = payment ? moving.includes(payment.status) : !missing;
      if (rested.has(sale) || (moves && !late)) continue;
      const wrong = unseen.includes(scene.round.way) ? [] : moneyFaultsOf({ payment, mayBeMissing: missing, bank: await bankOf(scene, sale) });
      rested.set(sale, { sale, restMs: Date.now() - since, faults: wrong });
    }
    await pause(lookEveryMs);
  }
  return scene.sales.map((sale) => rested.get(sale) ?? { sale, restMs: 0, faults: [] });
}

async function faultsOfRound({ lane, arrived }: Scene): Promise<readonly string[]> {
  const faults: string[] = [];
  if (arrived === 0) faults.push('nobody arrived at the crash point');
  await lane.journalsEmpty(journalsWithinMs).catch((error: unknown) => void faults.push(String(error)));
  const orphans = await lane.books.orphans();
  if (orphans > 0) faults.push(`${orphans} results are of attempts that the ledger does not know`);
  return faults;
}

async function audit(scene: Scene, { sale, restMs, faults }: Rested): Promise<Cell> {
  const look = async (): Promise<Cell> => {
    const payment = (await scene.payments())[scene.sales.indexOf(sale)] ?? null;
    const pages = payment ? await scene.lane.books.pagesOf(payment.id) : { charges: [], postings: [], events: [] };
    const found = faultsOf({
      payment,
      mayBeMissing: mayBeMissing(scene.round),
      refundMinor: refundOf(scene.round),
      bank: await bankOf(scene, sale),
      pages,
      heard: heardOf(scene, payment),
    });
    const told = await scene.checkFault(sale, payment);
    const wrong = [...new Set([...faults, ...found, ...(told === null ? [] : [told])])];
    return { answer: sale.answer, status: payment?.status ?? 'none', charged: payment?.chargedAmount ?? 0, restMs, faults: wrong };
  };
  const deadline = Date.now() + settledWithinMs;
  for (;;) {
    const cell = await look();
    if (cell.faults.length === 0 || faults.length > 0 || Date.now() > deadline) return cell;
    await pause(lookEveryMs);
  }
}

/** A request that died with gateway or ledger, and that its caller gave up, may never have arrived. */
function mayBeMissing({ redelivered, way, point }: Round): boolean {
  // What is stored is done, whether its client comes again or not.
  if (way === 'check') return !redelivered && point === 'gateway.check-taken:before';
  return !redelivered && way === 'pay' && victimOf(point) !== 'worker';
}

/** What must have been given back in the end; null where the request for it may have been lost. */
function refundOf({ way, redelivered, point }: Round): number | null {
  if (way !== 'refund') return 0;
  return redelivered || victimOf(point) === 'worker' ? refundMinor : null;
}

async function bankOf({ lane, cardBooks }: Scene, { terminalId, amount }: Sale): Promise<readonly BankTransaction[]> {
  const cards = (await cardBooks()).filter((entry) => entry.terminalId === terminalId && entry.amount === amount);
  // A sale's amount is its own, its refund goes by the order.
  const orders = lane.bank.books();
  const paid = orders.filter((entry) => entry.kind === 'sale' && entry.amount === amount);
  return [...cards, ...orders.filter(({ reference }) => paid.some((sale) => sale.reference === reference))];
}

function heardOf({ lane }: Scene, payment: Payment | null): ReadonlySet<string> {
  return new Set(
    lane.kkm.events
      .all()
      .filter(({ subject }) => subject === payment?.id)
      .map(({ id }) => id),
  );
}
