import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'amqplib';
import type { ChannelModel } from 'amqplib';
import { exchanges, exchangeTable, queues } from '@kkm/contracts';
import type { Stack } from '../../stack';

/** Hears all that a stack sends: every message on the broker, and every trace. */
export class Spy {
  readonly messages: string[] = [];
  readonly traces: Buffer[] = [];
  private connection: ChannelModel | null = null;

  private constructor(private readonly server: Server) {}

  /** Where services send their traces. */
  get collector(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Begins to collect traces. */
  static async start(): Promise<Spy> {
    const server = createServer((request, answer) => {
      request.on('data', (part: Buffer) => spy.traces.push(part));
      request.on('end', () => answer.end());
    });
    const spy = new Spy(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return spy;
  }

  /** Begins to hear messages: on a queue of its own that every exchange leads to. */
  async listen({ place, siteId }: Stack): Promise<void> {
    this.connection = await connect(place.amqpUrl);
    const channel = await this.connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const keys: Readonly<Record<string, readonly string[]>> = {
      [exchanges.commands]: [`${siteId}.pax-1`],
      [exchanges.control]: [`${siteId}.pax-1`],
      [exchanges.results]: [queues.ledgerResults],
      [exchanges.rpc]: [queues.ledgerRpc, queues.gatewayRpc],
    };
    for (const { name } of exchangeTable) for (const key of keys[name] ?? ['#']) await channel.bindQueue(queue, name, key);
    await channel.consume(queue, (message) => message && this.messages.push(message.content.toString('utf8')), { noAck: true });
  }

  async stop(): Promise<void> {
    await this.connection?.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
