import { randomUUID } from 'node:crypto';
import { openApiDocument } from '@kkm/contracts';
import { check, terminalQueue } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import { connectBroker, brokerMetrics } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { migrate, openDataSource } from '@kkm/postgres';
import { eventually, Opened, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import type { RateLimits } from '../access/rate-limit';
import { buildGateway } from '../build-gateway';
import type { GatewayParts } from '../gateway.module';
import { gatewayMigrations } from '../postgres/migrations';
import { startDoors } from '../doors.module';
import { ContractChecker } from './contract-checker';
import { StandInLedger } from './stand-in-ledger';

/** The operator's key of every gateway under test. */
export const operatorKey = `kkm_${'t'.repeat(43)}`;

/** What a request to the gateway may carry. */
export interface Ask {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How a gateway under test differs from the usual. */
export interface GatewayOptions {
  readonly rate?: RateLimits;
  readonly privateBanks?: boolean;
  /** Folder of its admin page; none when left out. */
  readonly adminPath?: string;
  /** What its key of registers' passwords is made from. */
  readonly sealingKey?: string;
  /** Where its log goes, with every line. */
  readonly log?: { write(line: string): void };
}

/** An answer whose body was read and checked against the OpenAPI document. */
export interface Answer<B = Record<string, never>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: B;
}

/** A gateway with its own database and vhost, before a ledger that a test can steer. */
export class GatewayUnderTest {
  private readonly checker = new ContractChecker(openApiDocument('test'));
  private readonly commands = new Map<string, PaymentCommand[]>();

  private constructor(
    private readonly opened: Opened,
    /** Origin of its HTTP door. */
    readonly url: string,
    readonly parts: GatewayParts,
    readonly servers: {
      readonly ledger: StandInLedger;
      readonly broker: TestBroker;
      readonly database: TestDatabase;
      readonly dataSource: DataSource;
      readonly own: Broker;
      readonly outside: Broker;
    },
  ) {}

  /** The ledger that it is before. */
  get ledger(): StandInLedger {
    return this.servers.ledger;
  }

  static start(options: GatewayOptions = {}): Promise<GatewayUnderTest> {
    const opened = new Opened();
    return opened.orClose(() => GatewayUnderTest.open(options, opened));
  }

  private static async open(options: GatewayOptions, opened: Opened): Promise<GatewayUnderTest> {
    const broker = opened.keep(await testBroker(), (it) => it.dispose());
    const database = opened.keep(await testDatabase(), (it) => it.dispose());
    const log = createLogger({ service: 'gateway', ...(options.log ? { level: 'trace', destination: options.log } : { level: 'fatal' }) });
    const metrics = createMetrics('gateway');
    const ground = { url: database.url, applicationName: 'gateway-test', unavailableCode: 'settings.unavailable' } as const;
    const dataSource = opened.keep(await openDataSource(ground), (it) => it.destroy());
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
    const own = opened.keep(await connectBroker({ url: broker.url, name: 'gateway-test', log, metrics: brokerMetrics(metrics) }), (it) => it.close());
    const outside = opened.keep(await connectBroker({ url: broker.url, name: 'ledger-test' }), (it) => it.close());
    const parts = await buildGateway({
      broker: own,
      dataSource,
      log,
      metrics,
      serviceUser: new URL(broker.url).username,
      privateBanks: options.privateBanks ?? false,
      sealingKey: options.sealingKey ?? null,
    });
    await parts.apiKeys.bootstrap(operatorKey);
    const ledger = new StandInLedger(outside);
    await ledger.serve();
    const rate = options.rate ?? { perSecond: 100_000, burst: 100_000 };
    const place = { host: '127.0.0.1', port: 0, publicOrigin: null, adminPath: options.adminPath ?? '/nowhere' };
    const app = opened.keep(await startDoors(parts, { ...place, rate, log, metrics, broker: own }), (it) => it.close());
    return new GatewayUnderTest(opened, await app.getUrl(), parts, { ledger, broker, database, dataSource, own, outside });
  }

  stop(): Promise<void> {
    return this.opened.close();
  }

  /** Sends a request and checks the answer against the OpenAPI document. */
  async ask<B = Record<string, never>>(method: string, path: string, ask: Ask = {}): Promise<Answer<B>> {
    const key = ask.key === undefined ? operatorKey : ask.key;
    const headers = {
      ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...ask.headers,
    };
    const body = ask.body === undefined ? null : typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body);
    const response = await fetch(`${this.url}${path}`, { method, headers, body, ...(ask.signal ? { signal: ask.signal } : {}) });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    const parsed: unknown = /json/.test(contentType) ? JSON.parse(text) : text;
    this.checker.check({ method, path, status: response.status, contentType, body: parsed });
    return { status: response.status, headers: response.headers, body: parsed as B };
  }

  /** Opens a payment with a key of its own unless one is given. */
  pay<B = Record<string, never>>(body: object, ask: Ask & { readonly idempotencyKey?: string } = {}): Promise<Answer<B>> {
    return this.ask<B>('POST', '/v1/payments', { ...ask, body, headers: { 'idempotency-key': `"${ask.idempotencyKey ?? randomUUID()}"`, ...ask.headers } });
  }

  /** The next command on a terminal's queue; fails after 3 s without one. */
  async nextCommand(siteId: string, terminalId: string): Promise<PaymentCommand> {
    const commands = this.commands.get(`${siteId}.${terminalId}`) ?? (await this.followTerminal(siteId, terminalId));
    return eventually(() => {
      const command = commands.shift();
      check(command, `no command came for ${terminalId}`);
      return command;
    }, 3_000);
  }

  /** Collects a terminal's commands from now on. */
  async followTerminal(siteId: string, terminalId: string): Promise<PaymentCommand[]> {
    const commands: PaymentCommand[] = [];
    this.commands.set(`${siteId}.${terminalId}`, commands);
    await this.servers.outside.consume(terminalQueue(siteId, terminalId), { prefetch: 10 }, ({ body }) => {
      commands.push(body as PaymentCommand);
      return Promise.resolve('done');
    });
    return commands;
  }

  /** A site with one register on one terminal. */
  async seed(site: string, option = 'card_or_sbp_qr'): Promise<void> {
    const steps = [
      await this.ask('POST', '/v1/sites', { body: { id: site, name: `Café ${site}` } }),
      await this.ask('POST', '/v1/terminals', {
        body: { id: 'pax-1', siteId: site, name: 'PAX', driver: 'inpas-sa', transport: { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 5201 } },
      }),
      await this.ask('POST', '/v1/registers', { body: { id: 'desk-1', siteId: site, name: 'Desk', automaticAcquiring: { option, terminalId: 'pax-1' } } }),
    ];
    for (const { status, body } of steps) check(status === 201, `seeding failed: ${JSON.stringify(body)}`);
  }
}
