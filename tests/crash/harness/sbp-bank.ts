import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeBank, FakeSbpBank } from '@kkm/drivers/terminals';
import type { BankTransaction, SbpAnswer, SbpQrRow, SbpRefundRow } from '@kkm/drivers/terminals';
import { pause } from '@kkm/testkit';

/** The contract of a lane's site. */
export const sbpContract = { merchantId: 'MA0000000001', secret: 'what the site of a lane and its bank share' } as const;

const { merchantId, secret } = sbpContract;

/** A notification that is not answered with 200 comes again after so long, so many times. */
const notification = { againMs: 500, timesMax: 60 } as const;

/** What the bank answers: a status and a body; null: it does as it was asked and breaks the connection. */
type Reply = { readonly status: number; readonly body: unknown } | null;

/** The SBP bank of a lane's site: Raiffeisen's interface on a port of its own, over the books of {@link FakeSbpBank}. It dies with nobody. */
export class SbpBankServer {
  /** Whether it notifies of payments, and once more when it gets no answer. */
  notifies: 'never' | 'once' | 'until heard' = 'until heard';
  /** Amounts of orders whose answer is lost when they are registered. */
  readonly losesAnswerOf = new Set<number>();
  private readonly money = new FakeBank(Date.now);
  private readonly bank = new FakeSbpBank(this.money, Date.now);
  private stopped = false;

  private constructor(private readonly server: Server) {}

  /** Listens on a free port. */
  static async start(): Promise<SbpBankServer> {
    const server = createServer();
    const bank = new SbpBankServer(server);
    server.on('request', (request, response) => void bank.serve(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return bank;
  }

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Its own books. */
  books(): readonly BankTransaction[] {
    return this.money.transactions();
  }

  /** The QR of a payload; null when the bank did not make it. */
  find(payload: string): SbpQrRow | null {
    return this.bank.find(payload);
  }

  /** A guest pays; `late`: he confirmed before the bank cancelled. `notifyAt` is told of it. */
  pay(payload: string, { late = false, notifyAt }: { readonly late?: boolean; readonly notifyAt: string }): void {
    const { taken, ...payment } = this.bank.pay(payload, { late });
    if (taken && 'qr' in payment) void this.notify(payment.qr, notifyAt);
  }

  /** Ends with its connections. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async notify({ order, amountMinor, transactionId, qrId }: SbpQrRow, url: string): Promise<void> {
    const amount = amountMinor / 100;
    const transactionDate = new Date().toISOString();
    const signature = createHmac('sha256', secret).update([amount, merchantId, order, 'SUCCESS', transactionDate].join('|')).digest('hex');
    const said = { currency: 'RUB', sbpMerchantId: merchantId, order, qrId, paymentStatus: 'SUCCESS', transactionDate, transactionId };
    const init = { method: 'POST', headers: { 'x-api-signature-sha256': signature }, body: JSON.stringify({ ...said, amount }) };
    const timesMax = { never: 0, once: 1, 'until heard': notification.timesMax }[this.notifies];
    for (let times = 0; times < timesMax && !this.stopped; times += 1) {
      const heard = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) }).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (heard) return;
      await pause(notification.againMs);
    }
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request as AsyncIterable<Buffer>) text += part.toString('utf8');
    const reply = this.reply(`${request.method ?? ''} ${request.url ?? ''}`, text);
    if (!reply) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  }

  private reply(what: string, text: string): Reply {
    const name = what.replace('/payment-info', '').split('/').at(-1) ?? '';
    if (what === 'POST /sbp/v1/qr/register') return this.register(JSON.parse(text) as Registration);
    if (what === 'POST /sbp/v1/refund') return this.refund(JSON.parse(text) as RefundRequest);
    if (what.startsWith('GET /sbp/v1/refund/')) return refundReply(this.bank.refunds.status(merchantId, name));
    if (what.startsWith('DELETE /sbp/v2/qrs/')) return replyOf(this.bank.cancel(name), () => ({ code: 'SUCCESS' }));
    const qr = this.bank.find(name);
    const answer: SbpAnswer<SbpQrRow> = qr ? { done: true, value: qr } : { done: false, code: 'NOT_FOUND' };
    return replyOf(answer, (row) => (what.endsWith('/payment-info') ? paymentInfo(row) : { qrId: row.qrId, qrStatus: row.status }));
  }

  private register({ order, amount, qrExpirationDate }: Registration): Reply {
    const amountMinor = Math.round(amount * 100);
    const made = this.bank.register({ merchantId, order, amountMinor, expiresAtMs: Date.parse(qrExpirationDate) });
    return this.losesAnswerOf.has(amountMinor) ? null : replyOf(made, ({ qrId, payload }) => ({ code: 'SUCCESS', qrId, payload }));
  }

  private refund({ order, refundId, amount }: RefundRequest): Reply {
    return refundReply(this.bank.refund({ merchantId, order, refundId, amountMinor: Math.round(amount * 100) }));
  }
}

interface Registration {
  readonly order: string;
  readonly amount: number;
  readonly qrExpirationDate: string;
}

interface RefundRequest {
  readonly order: string;
  readonly refundId: string;
  readonly amount: number;
}

function replyOf<T>(answer: SbpAnswer<T>, body: (value: T) => unknown): Reply {
  if (answer.done) return { status: 200, body: body(answer.value) };
  return { status: answer.code === 'NOT_FOUND' || answer.code === 'REFUND_NOT_FOUND' ? 404 : 400, body: { code: `ERROR.${answer.code}` } };
}

function refundReply(answer: SbpAnswer<SbpRefundRow>): Reply {
  return replyOf(answer, ({ amountMinor, status }) => ({ code: 'SUCCESS', amount: amountMinor / 100, refundStatus: status }));
}

function paymentInfo({ amountMinor, order, transactionId }: SbpQrRow): unknown {
  return { code: 'SUCCESS', amount: amountMinor / 100, currency: 'RUB', order, paymentStatus: 'SUCCESS', transactionId };
}
