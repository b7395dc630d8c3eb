import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CommandDesk } from '@kkm/flow/kkmserver';
import { frameworkLog, traceRequests } from '@kkm/observability';
import type { Logger, Metrics } from '@kkm/observability';
import { RateLimit } from '../access/rate-limit';
import type { RateLimits } from '../access/rate-limit';
import type { AdmissionRules } from './admission';
import { Execute } from './execute';
import type { DoorPort } from './kkmserver.config';
import { countAnswer, KkmServerController, siteOfPort } from './kkmserver.controller';
import type { CountAnswer, SiteOfPort } from './kkmserver.controller';
import { answerBroken, bodyBytes, hangKkmServerDoor } from './kkmserver-door';
import type { KkmServerServer } from './kkmserver-door';
import { KkmServerFilter } from './kkmserver.filter';

/** Where and how the KkmServer door listens. */
export interface KkmServerOptions {
  readonly ports: readonly DoorPort[];
  readonly host: string;
  readonly rules: AdmissionRules;
  /** Key and certificate in PEM for ports with https; null where none has it. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly rate: RateLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What stands behind the door. */
export interface KkmServerParts {
  readonly desk: CommandDesk;
  /** The only site there is; null when there is none, or more than one. */
  readonly onlySite: () => Promise<string | null>;
}

/** The door while it is open. */
export interface OpenKkmServerDoor {
  /** Origins in the order of the ports. */
  readonly urls: readonly string[];
  /** Answers who waits and closes every port. */
  close(): Promise<void>;
}

/** Wrong passwords that one address may try at one account: ten, then one every five seconds. */
const guessing: RateLimits = { perSecond: 0.2, burst: 10 };

/** A request that takes longer to arrive is cut off. */
const receiveWithinMs = 30_000;

/** One port of the KkmServer door. */
@Module({})
class KkmServerModule {
  static over({ execute, site, count }: { readonly execute: Execute; readonly site: SiteOfPort; readonly count: CountAnswer }): DynamicModule {
    return {
      module: KkmServerModule,
      controllers: [KkmServerController],
      providers: [
        { provide: Execute, useValue: execute },
        { provide: siteOfPort, useValue: site },
        { provide: countAnswer, useValue: count },
      ],
    };
  }
}

/** Opens every port of the door. Where one cannot be opened, none stays open. */
export async function openKkmServerDoor(parts: KkmServerParts, options: KkmServerOptions): Promise<OpenKkmServerDoor> {
  const stopping = new AbortController();
  const execute = new Execute(parts.desk, { log: options.log, stopping: stopping.signal });
  const limits = { rate: new RateLimit(options.rate, () => performance.now()), guesses: new RateLimit(guessing, () => performance.now()) };
  const answers = options.metrics.counter({
    name: 'kkm_kkmserver_answers_total',
    help: 'Answers of the KkmServer door, by command and by the Status in them.',
    labels: ['command', 'status'],
  });
  const apps: INestApplication[] = [];
  const close = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(apps.map((app) => app.close()));
  };
  const urls: string[] = [];
  try {
    for (const port of options.ports) {
      const site = port.siteId === null ? parts.onlySite : () => Promise.resolve(port.siteId);
      const door = KkmServerModule.over({ execute, site, count: (command, status) => answers.inc({ command, status: String(status) }) });
      const app = await openPort(door, port, { ...options, ...limits });
      apps.push(app);
      await app.listen(port.port, options.host);
      urls.push((await app.getUrl()).replace(/^https?:/, port.https ? 'https:' : 'http:'));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { urls, close };
}

async function openPort(
  door: DynamicModule,
  { https }: DoorPort,
  options: Pick<KkmServerOptions, 'tls' | 'log' | 'rules'> & { readonly rate: RateLimit; readonly guesses: RateLimit },
): Promise<INestApplication> {
  const { log, tls } = options;
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytes,
    requestTimeout: receiveWithinMs,
    return503OnClosing: false,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    ...(https ? { https: tls } : {}),
    ...answerBroken(),
  });
  const app = await NestFactory.create<NestFastifyApplication>(door, adapter, { bodyParser: false, logger: frameworkLog(log), abortOnError: false });
  const server = adapter.getInstance();
  traceRequests(server as unknown as Parameters<typeof traceRequests>[0]);
  hangKkmServerDoor(server as unknown as KkmServerServer, options);
  app.useGlobalFilters(new KkmServerFilter(log));
  return app;
}
