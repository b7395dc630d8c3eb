import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Payment, PaymentPage, PaymentStatus } from '@kkm/core';
import { checkoutRoot, startStack } from '@kkm/stack';
import type { Stack, StackWays } from '@kkm/stack';
import { eventually, FaultProxy, Opened, readTestServers } from '@kkm/testkit';
import { EventLog } from './event-log';
import { sendJson } from './http-answer';
import type { HttpAnswer, HttpRequest, PaymentAnswer } from './http-answer';
import { VirtualTerminals } from './virtual-terminal';

/** What a suite needs of its KKM. */
export interface KkmOptions {
  readonly terminals: number;
  readonly workers?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly environmentOf?: (service: string) => Readonly<Record<string, string>>;
  /** Options of Node itself for every service. */
  readonly nodeOptions?: readonly string[];
  /** Whether the bank notifies KKM, default yes; without, KKM polls. */
  readonly sbpNotifications?: boolean;
  /** What lies between the parts. */
  readonly ways?: StackWays;
}

/** A whole KKM of one suite with the hands of everybody around it: caller, guest, bank, and who pulls plugs. */
export class TestKkm {
  private nextOrder = 1;

  private constructor(
    readonly stack: Stack,
    readonly terminals: VirtualTerminals,
    readonly events: EventLog,
    /** Networks that can be broken, the broker's, then the bank's; and all that is to be closed. */
    private readonly around: { readonly links: readonly FaultProxy[]; readonly opened: Opened },
  ) {}

  /** Starts it; logs and journals go to `coverage/e2e/<suite>` of the checkout. What was begun of one that does not start is removed. */
  static start(suite: string, options: KkmOptions): Promise<TestKkm> {
    const opened = new Opened();
    return opened.orClose(() => TestKkm.open(suite, options, opened));
  }

  private static async open(suite: string, options: KkmOptions, opened: Opened): Promise<TestKkm> {
    const { amqpUrl, amqpManagementUrl, databaseUrl } = readTestServers();
    if (!amqpUrl || !amqpManagementUrl || !databaseUrl) throw new Error('Use TestKkm within describeWith.');
    const directory = join(checkoutRoot(), 'coverage', 'e2e', suite);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const links: FaultProxy[] = [];
    const through = async (url: string): Promise<string> => {
      const link = opened.keep(await FaultProxy.before(url), (it) => it.close());
      links.push(link);
      return link.through(url);
    };
    const infrastructure = { amqpUrl: await through(amqpUrl), amqpManagementUrl, databaseUrl };
    const stack = opened.keep(await startStack({ infrastructure, directory, bankThrough: through, ...options }), (it) => it.remove());
    const events = opened.keep(await EventLog.open(stack.place.amqpUrl), (it) => it.close());
    const kkm = new TestKkm(stack, new VirtualTerminals(stack.virtualTerminal.url), events, { links, opened });
    for (const { id } of stack.terminals) await kkm.terminals.behave(id, {});
    return kkm;
  }

  /** Between the ledger and the site's bank: notifications take another way. */
  get bankLink(): FaultProxy {
    return this.link(1);
  }

  /** Between KKM's processes and the broker: a network that can be broken. */
  get brokerLink(): FaultProxy {
    return this.link(0);
  }

  /** Sends a request to the API with the key that may do everything. */
  call<T = unknown>(method: string, path: string, request: HttpRequest = {}): Promise<HttpAnswer<T>> {
    return sendJson<T>(method, `${this.stack.gateway.url}${path}`, {
      ...request,
      headers: { authorization: `Bearer ${this.stack.apiKey}`, ...request.headers },
    });
  }

  /** An order id that was not used before. */
  newOrder(): string {
    this.nextOrder += 1;
    return `order-${this.nextOrder}`;
  }

  /** Opens a payment of 150.00 by card on pax-1, or what `members` say. */
  pay(members: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<PaymentAnswer> {
    const body = { siteId: this.stack.siteId, orderId: this.newOrder(), amount: 15_000, currency: 'RUB', method: 'card', terminalId: 'pax-1', ...members };
    return this.call('POST', '/v1/payments', { body, headers: { 'idempotency-key': `"${randomUUID()}"`, ...headers } });
  }

  /** Opens a payment of 150.00 by SBP QR on pax-1, or what `members` say. */
  payBySbp(members: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<PaymentAnswer> {
    return this.pay({ method: 'sbp_qr', ...members }, headers);
  }

  /** Asks for money back; all that is left unless `members` say how much. */
  refund(paymentId: string, members: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<PaymentAnswer> {
    return this.call('POST', `/v1/payments/${paymentId}/refunds`, { body: members, headers: { 'idempotency-key': `"${randomUUID()}"`, ...headers } });
  }

  /** The guest wants to pay the other way. */
  switch(paymentId: string, method: 'card' | 'sbp_qr'): Promise<PaymentAnswer> {
    return this.call('POST', `/v1/payments/${paymentId}/switch`, { body: { method } });
  }

  /** Asks for a further attempt. */
  redo(paymentId: string, members: Readonly<Record<string, unknown>> = {}, key: string = randomUUID()): Promise<PaymentAnswer> {
    return this.call('POST', `/v1/payments/${paymentId}/redo`, { body: members, headers: { 'idempotency-key': `"${key}"` } });
  }

  /** Asks to stop a payment. */
  cancel(paymentId: string): Promise<PaymentAnswer> {
    return this.call('POST', `/v1/payments/${paymentId}/cancel`);
  }

  /** Reads a payment. */
  async read(paymentId: string): Promise<Payment> {
    const answer = await this.call<Payment>('GET', `/v1/payments/${paymentId}`);
    if (answer.status !== 200) throw new Error(`read: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Waits until the payment has one of the statuses. */
  until(paymentId: string, statuses: PaymentStatus | readonly PaymentStatus[], withinMs = 15_000): Promise<Payment> {
    return eventually(async () => {
      const payment = await this.read(paymentId);
      if (![statuses].flat().includes(payment.status)) throw new Error(`The payment is ${payment.status}: ${JSON.stringify(payment.attempts)}`);
      return payment;
    }, withinMs);
  }

  /** Waits until the terminal's screen shows the amount and a guest may act; when it never does, says what became of the payments there. */
  async untilAsksForCard(terminalId = 'pax-1', withinMs = 10_000): Promise<void> {
    const shown = eventually(async () => {
      const { state } = await this.terminals.screen(terminalId);
      if (state !== 'card') throw new Error(`The screen of ${terminalId} shows ${state}`);
    }, withinMs);
    await shown.catch(async (cause: unknown) => {
      throw new Error(`${terminalId} asks for no card within ${withinMs} ms: ${JSON.stringify(await this.newestAttempts(terminalId))}`, { cause });
    });
  }

  /** The newest attempts on a terminal, newest first: what a test that failed there shows. */
  private async newestAttempts(terminalId: string): Promise<readonly unknown[]> {
    const attempts = (await this.payments()).flatMap(({ id, status, attempts: all }) => all.map((attempt) => ({ payment: id, is: status, ...attempt })));
    return attempts
      .filter((attempt) => attempt.terminalId === terminalId)
      .reverse()
      .slice(0, 3);
  }

  /** Waits until the terminal shows a QR, which must be the newest attempt's, and gives its text. */
  async untilShowsQr(paymentId: string, terminalId = 'pax-1', withinMs = 15_000): Promise<string> {
    return eventually(async () => {
      const { state, qr } = await this.terminals.screen(terminalId);
      const known = (await this.read(paymentId)).attempts.at(-1)?.qr?.payload;
      if (state !== 'qr' || qr === null || qr !== known)
        throw new Error(`The screen of ${terminalId} shows ${state} ${String(qr)}, the attempt ${String(known)}`);
      return qr;
    }, withinMs);
  }

  /** Ids of the site's payments that a list shows, newest first. */
  async found(query: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { body } = await this.call<PaymentPage>('GET', `/v1/payments?${new URLSearchParams({ siteId: this.stack.siteId, ...query }).toString()}`);
    return body.payments.map(({ id }) => id);
  }

  /** All payments of the site, oldest first. */
  async payments(): Promise<readonly Payment[]> {
    const all: Payment[] = [];
    let cursor = '';
    do {
      const { body } = await this.call<PaymentPage>(
        'GET',
        `/v1/payments?siteId=${this.stack.siteId}&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      all.push(...body.payments);
      cursor = body.next ?? '';
    } while (cursor !== '');
    return all.reverse();
  }

  /**
   * Compares the bank's books with the ledger's: each charge is known to both, once, with the same RRN and amount, given back since or not; and as much was given back.
   * A charge of an attempt in doubt is known to the bank alone, and at most once.
   */
  async expectBooksAgree(): Promise<void> {
    const books = await this.terminals.books();
    const sales = books.filter((entry) => entry.kind === 'sale' && !entry.foreign);
    const payments = await this.payments();
    const attempts = payments.flatMap((payment) =>
      payment.attempts
        .filter(({ operation }) => operation === 'sale')
        .map((attempt) => ({ ...attempt, charged: payment.chargedAmount - surfacedPart(payment) })),
    );
    const surfaced = payments.flatMap((payment) => payment.surfaced);
    const made = attempts.filter(({ status }) => status === 'approved').map(({ rrn, charged }) => `${String(rrn)} ${charged}`);
    const charges = [...made, ...surfaced.map(({ rrn, amount }) => `${String(rrn)} ${amount}`)];
    const atBank = sales.map(({ rrn, amount }) => `${rrn} ${amount}`);
    expect(charges.filter((charge, index) => !atBank.includes(charge) || charges.indexOf(charge) !== index)).toEqual([]);
    const inDoubt = attempts.filter(({ status }) => status === 'unknown' || status === 'granted');
    const unclaimed = sales.filter(({ rrn, amount }) => !charges.includes(`${rrn} ${amount}`));
    const unexplained = unclaimed.filter((sale) => {
      // A partial approval charges less than was asked for.
      const index = inDoubt.findIndex((attempt) => attempt.terminalId === sale.terminalId && sale.amount <= attempt.amount);
      return index < 0 || inDoubt.splice(index, 1).length === 0;
    });
    expect(unexplained).toEqual([]);
    const givenBack = books.filter(({ kind }) => kind !== 'sale').reduce((sum, { amount }) => sum + amount, 0);
    const openReturns = payments.flatMap(({ attempts: all }) => all).filter(({ operation, finishedAt }) => operation !== 'sale' && finishedAt === null);
    if (openReturns.length === 0) expect(payments.reduce((sum, { refundedAmount }) => sum + refundedAmount, 0)).toBe(givenBack);
  }

  /** Stops and removes everything. */
  remove(): Promise<void> {
    return this.around.opened.close();
  }

  private link(place: 0 | 1): FaultProxy {
    const link = this.around.links[place];
    if (!link) throw new Error('There is no such way.');
    return link;
  }
}

/** What of a payment's charged amount is surfaced money that was decided about. */
function surfacedPart({ surfaced }: Payment): number {
  return surfaced.filter(({ disposition }) => disposition !== 'undecided').reduce((sum, { amount }) => sum + amount, 0);
}
