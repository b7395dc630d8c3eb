import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What the merchant's contract with the stand-in bank says. */
export const standInContract = { merchantId: 'MA100001', secret: 'a secret between club-1 and its bank' } as const;

/** Speaks as much of Raiffeisen's interface as a QR's life needs, on a real port. */
export class StandInBank {
  /** Orders that QRs were made for, in the order they were asked. */
  readonly orders: string[] = [];
  /** How QRs stand that are not told otherwise. */
  standing = 'NEW';
  /** While set, nothing is answered to who asks for a QR. */
  isSilent = false;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  /** Listens; the answer is where. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new RangeError('the bank listens on a port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Ends with all connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The notification that an order was paid, as the bank signs it. */
  static notification(
    orderId: string,
    roubles: string,
    secret: string = standInContract.secret,
  ): { readonly headers: Record<string, string>; readonly body: string } {
    const { merchantId: sbpMerchantId } = standInContract;
    const said = {
      currency: 'RUB',
      sbpMerchantId,
      order: orderId,
      paymentStatus: 'SUCCESS',
      transactionDate: '2026-11-27T01:02:03+03:00',
      transactionId: 4711,
    };
    const signed = [roubles, sbpMerchantId, orderId, 'SUCCESS', said.transactionDate].join('|');
    const signature = createHmac('sha256', secret).update(signed).digest('hex');
    return { headers: { 'x-api-signature-sha256': signature }, body: JSON.stringify({ ...said, amount: Number(roubles) }) };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request as AsyncIterable<Buffer>) text += part.toString('utf8');
    if (request.url === '/sbp/v1/qr/register') {
      const { order } = JSON.parse(text) as { readonly order: string };
      this.orders.push(order);
      if (!this.isSilent) response.end(JSON.stringify({ code: 'SUCCESS', qrId: `AD${order}`, payload: `https://qr.nspk.ru/${order}` }));
      return;
    }
    if (request.method === 'DELETE') this.standing = 'CANCELLED';
    response.end(JSON.stringify({ code: 'SUCCESS', qrStatus: this.standing }));
  }
}
