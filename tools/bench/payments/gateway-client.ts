import { Agent, request } from 'node:http';
import type { Payment } from '@kkm/core';

/** What a payment of the load program asks for. Its amount is unique within a run, so that the bank's books name it. */
export interface LoadPayment {
  readonly siteId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly terminalId: string;
  /** Left out: a card. */
  readonly method?: 'card' | 'sbp_qr';
}

/** Posts payments over kept-alive connections with Node's bare client: the load program must not be what is measured. */
export class GatewayClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 128, noDelay: true });

  constructor(
    private readonly api: string,
    private readonly apiKey: string,
  ) {}

  /** Opens the payment; resolves with it once the gateway has answered 201, rejects on anything else. */
  open(payment: LoadPayment): Promise<Payment> {
    const body = Buffer.from(JSON.stringify({ method: 'card', ...payment, currency: 'RUB' }));
    const headers = {
      authorization: `Bearer ${this.apiKey}`,
      'idempotency-key': `"${payment.orderId}"`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    return new Promise((resolve, reject) => {
      const call = request(`${this.api}/v1/payments`, { method: 'POST', agent: this.agent, headers, timeout: 60_000 }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode === 201) resolve(JSON.parse(text) as Payment);
          else reject(new Error(`The gateway answered ${String(answer.statusCode)}: ${text}`));
        });
      });
      call.on('timeout', () => call.destroy(new Error('The gateway did not answer in 60 s')));
      call.on('error', reject);
      call.end(body);
    });
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }
}
