import { randomUUID } from 'node:crypto';
import type { Payment, PaymentPage, PaymentStatus } from '@kkm/core';
import type { ServiceProcess } from '@kkm/stack';
import { eventually, pause } from '@kkm/testkit';
import { sendJson } from '../../e2e/harness/http-answer';
import type { PaymentAnswer } from '../../e2e/harness/http-answer';
import type { Behaviour } from '../../e2e/harness/virtual-terminal';
import { behaviours, isGuest } from './answers';
import type { Answer } from './answers';
import type { Lane, Owner } from './lane';
import { victimOf } from './rounds';
import type { Round, Way } from './rounds';
import { sharedLook } from './shared-look';

/** One payment of a round. */
export interface Sale {
  readonly answer: Answer;
  readonly terminalId: string;
  readonly orderId: string;
  /** Its own: by it the bank's books are searched. */
  readonly amount: number;
  readonly key: string;
}

/** The ledger is away for longer than any call to it may take. */
const callsGivenUpMs = 9_000;

/** A message that is not acknowledged waits for its process so long. */
const longAwayMs = 3_000;

/** Nothing may move for longer than this after the process is back. */
export const restWithinMs = 40_000;

/** A payment in one of these is not at rest. */
export const moving: readonly PaymentStatus[] = ['pending', 'in_progress', 'in_doubt'];

/** Whoever waits for payments looks so often: each look is work for gateway and ledger, of which six lanes share two cores. */
export const lookEveryMs = 250;

/** When payments that have not begun are dropped: soon, where nobody is going to publish their command; else later than any crash lasts. */
export const expiresInSeconds = { abandoned: 6, repeated: 60 } as const;

/** So much of a payment is given back. */
export const refundMinor = 100;

/** Ways on which guests change over: from the card to a QR, and back. */
const changing: readonly Way[] = ['switch', 'switch back', 'leave', 'leave back'];

/** Refusals that are answers all the same: the payment that is to be stopped or decided has ended, or goes the other way already. */
const refusals: readonly (string | undefined)[] = ['payment.not_cancellable', 'payment.not_switchable', 'payment.not_in_doubt'];

function isAnswer({ status, body }: PaymentAnswer): boolean {
  return status < 300 || refusals.includes(body.code);
}

/** Who pays by QR, as a round lets them. */
export interface Guests {
  /** Those who scanned too late: their money comes after the end of their payments. */
  payLate(): void;
  /** They go home. */
  leave(): Promise<void>;
}

let lastAmount = 10_000;

/** One round on its lane: who is killed, whose payments they are, and what callers do. */
export class Scene {
  readonly sales: readonly Sale[];
  /** The worker that has the terminals. */
  readonly worker: ServiceProcess;
  /** Another worker of the site, on a lane that has one. */
  readonly other: ServiceProcess | null;
  /** How many payments had arrived at the point when the process died. */
  arrived = 0;
  /** Those in front of the terminals, where payments go by a bank's QR. */
  guests: Guests | null = null;
  /** Those who look at the same time look once. */
  readonly payments = sharedLook(() => this.lookAtPayments());
  /** The books of the terminals' bank; looked at as payments are. */
  readonly cardBooks = sharedLook(() => this.lane.kkm.terminals.books());
  private readonly unanswered = new Map<Sale, () => Promise<boolean>>();

  constructor(
    readonly lane: Lane,
    readonly round: Round,
    { worker, terminalIds }: Owner,
  ) {
    this.worker = worker;
    this.other = lane.kkm.stack.workers.find((one) => one !== worker) ?? null;
    this.sales = round.answers.map((answer, index) => {
      const key = randomUUID();
      // The door makes the order of a command's id.
      const orderId = round.way === 'check' ? `kkmserver:${key}` : randomUUID();
      return { answer, terminalId: terminalIds[index] ?? '', orderId, amount: (lastAmount += 1), key };
    });
  }

  /** Seconds until an attempt is dropped whose command may never be published. */
  private get expiresIn(): number {
    const { point, redelivered } = this.round;
    const mayBeAbandoned = !redelivered && (victimOf(point) === 'gateway' || point.startsWith('ledger.open') || point.startsWith('ledger.redo'));
    return mayBeAbandoned ? expiresInSeconds.abandoned : expiresInSeconds.repeated;
  }

  /** Tells every terminal how it is going to answer. */
  async prepareTerminals(how: Readonly<Partial<Record<Answer, Behaviour>>> = behaviours): Promise<void> {
    await Promise.all(this.sales.map(({ terminalId, answer }) => this.lane.kkm.terminals.behave(terminalId, how[answer] ?? behaviours[answer])));
  }

  /** Asks for all payments at once. Does not wait: some answers never come. */
  payAll(expiresIn: number = this.expiresIn): void {
    for (const sale of this.sales) {
      const { terminalId, orderId, amount, key } = sale;
      const method = changing.includes(this.round.way) ? 'card_or_sbp_qr' : isGuest(sale.answer) ? 'sbp_qr' : 'card';
      this.send(sale, () => this.lane.kkm.pay({ terminalId, orderId, amount, expiresIn, method }, { 'idempotency-key': `"${key}"` }));
    }
  }

  /** Sends a check for every payment to the KkmServer door, as a client that does not wait. */
  async checkAll(): Promise<void> {
    const numbers = await terminalNumbers(this.lane);
    for (const sale of this.sales) {
      const { terminalId, amount, key } = sale;
      const check = { ...checkMembers, ElectronicPayment: amount / 100, NumDeviceByProcessing: numbers.get(terminalId), IdCommand: key };
      this.send(sale, () => execute(this.lane, check));
    }
  }

  /** What the door's answer to a check says that does not fit its payment; null where all does, and for what is no check. */
  async checkFault({ key }: Sale, payment: Payment | null): Promise<string | null> {
    if (this.round.way !== 'check' || !payment) return null;
    const { body } = await execute(this.lane, { Command: 'GetRezult', IdCommand: key });
    const { Status: status, CheckNumber: number } = body as { readonly Status?: number; readonly CheckNumber?: number };
    if (payment.status === 'succeeded') return status === 0 && number !== undefined ? null : `the check is paid, and its answer has status ${status ?? '?'}`;
    return status === 2 ? null : `the check is not paid, and its answer has status ${status ?? '?'}`;
  }

  /** Asks for all payments by message. */
  async payByMessage(): Promise<void> {
    const { siteId } = this.lane.kkm.stack;
    for (const { terminalId, orderId, amount, key } of this.sales) {
      const data = { siteId, orderId, amount, currency: 'RUB', method: 'card', terminalId, expiresIn: expiresInSeconds.repeated };
      await this.lane.kkm.events.request(siteId, 'payment', { id: key, data });
    }
  }

  /** Asks for a further attempt of every payment. */
  redoAll(payments: readonly Payment[]): void {
    const { expiresIn } = this;
    this.sales.forEach((sale, index) => this.send(sale, () => this.lane.kkm.redo(payments[index]?.id ?? '', { expiresIn }, `${sale.key}-redo`)));
  }

  /** Asks to stop every payment. */
  cancelAll(payments: readonly Payment[]): void {
    this.sales.forEach((sale, index) => this.send(sale, () => this.lane.kkm.cancel(payments[index]?.id ?? '')));
  }

  /** Asks for the other method, for every payment. */
  switchAll(payments: readonly Payment[], method: 'card' | 'sbp_qr'): void {
    this.sales.forEach((sale, index) => this.send(sale, () => this.lane.kkm.switch(payments[index]?.id ?? '', method)));
  }

  /** Asks to stop one payment, as often as it takes. @throws while it is not answered. */
  async cancelFor(sale: Sale): Promise<void> {
    const payment = (await this.payments())[this.sales.indexOf(sale)];
    this.mustBe(payment ? isAnswer(await this.lane.kkm.cancel(payment.id)) : false);
  }

  /** Asks a part of every payment back. */
  refundAll(payments: readonly Payment[]): void {
    this.sales.forEach((sale, index) => {
      const request = { body: { amount: refundMinor }, headers: { 'idempotency-key': `"${sale.key}-refund"` } };
      this.send(sale, () => this.lane.kkm.call('POST', `/v1/payments/${payments[index]?.id ?? ''}/refunds`, request));
    });
  }

  /** Lets a person decide about every payment. */
  resolveAll(payments: readonly Payment[], isCharged: (answer: Answer) => boolean): void {
    const { kkm } = this.lane;
    this.sales.forEach((sale, index) => {
      const body = { charged: isCharged(sale.answer), evidence: 'the bank’s list' };
      this.send(sale, () => kkm.call('POST', `/v1/payments/${payments[index]?.id ?? ''}/resolution`, { body }));
    });
  }

  /** Asks to close every payment. */
  closeAll(payments: readonly Payment[]): void {
    this.sales.forEach((sale, index) => this.send(sale, () => this.lane.kkm.call('POST', `/v1/payments/${payments[index]?.id ?? ''}/close`)));
  }

  /** Lets the point kill the service, does `work`, and waits for its death. */
  async kill(service: ServiceProcess, work: () => void | Promise<void>): Promise<void> {
    const { point, arrivals } = this.round;
    this.lane.arm(service, point, arrivals);
    await work();
    this.arrived = await this.lane.death(service, arrivals);
  }

  /** What follows on the death of gateway or ledger: it comes back, at once or late, and callers who were not answered repeat themselves or give up. */
  async comeBack(service: ServiceProcess): Promise<void> {
    const { redelivered, point } = this.round;
    if (!redelivered) await pause(victimOf(point) === 'ledger' ? callsGivenUpMs : longAwayMs);
    await this.lane.revive(service);
    if (!redelivered) return;
    await Promise.all([...this.unanswered.values()].map((again) => eventually(async () => this.mustBe(await again()), 30_000, lookEveryMs)));
  }

  /** Waits until all payments are known and are in a state that `isThere` accepts. */
  async until(isThere: (payment: Payment) => boolean, withinMs = 15_000): Promise<readonly Payment[]> {
    return await eventually(
      async () => {
        const payments = (await this.payments()).filter((payment) => payment !== null);
        if (payments.length < this.sales.length || !payments.every(isThere))
          throw new Error(`Payments are ${payments.map(({ status }) => status).join(', ')}.`);
        return payments;
      },
      withinMs,
      lookEveryMs,
    );
  }

  /** The payment of each sale; null where KKM knows of none. */
  private async lookAtPayments(): Promise<readonly (Payment | null)[]> {
    const { kkm } = this.lane;
    const { body, status } = await kkm.call<PaymentPage>('GET', `/v1/payments?siteId=${kkm.stack.siteId}&limit=${this.sales.length * 2}`);
    if (status !== 200) throw new Error(`payments: ${status}`);
    return this.sales.map(({ orderId }) => body.payments.find((payment) => payment.orderId === orderId) ?? null);
  }

  private send(sale: Sale, request: () => Promise<PaymentAnswer>): void {
    const attempt = async (): Promise<boolean> => {
      const answered = await request().then(isAnswer, () => false); // A gateway that dies breaks the connection.
      if (answered) this.unanswered.delete(sale);
      return answered;
    };
    this.unanswered.set(sale, attempt);
    void attempt();
  }

  private mustBe(answered: boolean): void {
    if (!answered) throw new Error('A repeated request was not answered.');
  }
}

/** A check of a client that leaves everything else to the settings. */
const checkMembers = { Command: 'RegisterCheck', IsFiscalCheck: true, TypeCheck: 0, PayByProcessing: true, Timeout: 1 } as const;

/** Posts a command to the door of the lane's site. */
function execute({ kkm }: Lane, command: object): Promise<PaymentAnswer> {
  const { url, accounts } = kkm.stack.kkmserver;
  const { user, password } = accounts.user;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return sendJson('POST', `${url}/Execute`, { body: command, headers: { authorization } });
}

/** By which numbers the door knows the terminals of the lane. */
async function terminalNumbers({ kkm }: Lane): Promise<ReadonlyMap<string, number>> {
  type Page = { readonly terminals: readonly { readonly id: string; readonly numDevice: number }[] };
  const { body } = await kkm.call<Page>('GET', `/v1/terminals?siteId=${kkm.stack.siteId}&limit=100`);
  return new Map(body.terminals.map(({ id, numDevice }) => [id, numDevice]));
}
