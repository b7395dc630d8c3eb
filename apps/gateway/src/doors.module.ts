import { randomUUID } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { limits, queues } from '@kkm/contracts';
import { AmqpStrategy } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { frameworkLog, traceRequests } from '@kkm/observability';
import type { Logger, Metrics } from '@kkm/observability';
import { RateLimit } from './access/rate-limit';
import type { RateLimits } from './access/rate-limit';
import { GatewayModule } from './gateway.module';
import type { GatewayParts } from './gateway.module';
import { AdminPage } from './http/admin-page';
import { hangAudit } from './http/audit-hook';
import type { AuditedServer } from './http/audit-hook';
import { answerBrokenRequests } from './http/broken-requests';
import { hangDoor } from './http/door';
import type { DoorServer } from './http/door';
import { ProblemFilter } from './http/problem.filter';

/** Where and how the gateway listens. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly publicOrigin: string | null;
  /** Addresses of proxies whose word on the peer's address, host and protocol is taken; null: nobody's. */
  readonly trustedProxies?: string | null;
  /** Key and certificate in PEM, for https; null or absent: http. */
  readonly tls?: { readonly key: string; readonly cert: string } | null;
  /** Folder of the built admin page. */
  readonly adminPath: string;
  readonly rate: RateLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly broker: Broker;
}

/** A request that takes longer to arrive is cut off. */
const receiveWithinMs = 30_000;

/** How many requests by message are handled at a time. */
const ingressPrefetch = 20;

/** How many events that commands may follow are handled at a time; one that waits for its command to be written is held. */
const checksPrefetch = 50;

/** How many calls of workers are answered at a time. */
const callsPrefetch = 20;

/** Starts HTTP and the message handlers over the parts. Close the returned application to stop both; the broker and the database stay the caller's. */
export async function startDoors(parts: GatewayParts, options: HttpOptions): Promise<INestApplication> {
  const { log, metrics, broker } = options;
  const adapter = new FastifyAdapter({
    bodyLimit: limits.bodyBytes,
    requestTimeout: receiveWithinMs,
    trustProxy: options.trustedProxies ?? false,
    return503OnClosing: false,
    ...(options.tls ? { https: options.tls } : {}),
    genReqId: (request: { headers: Record<string, unknown> }) => requestId(request.headers['x-request-id']),
    ...answerBrokenRequests(options.publicOrigin),
  });
  const adminPage = new AdminPage(options.adminPath);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.over(parts, { publicOrigin: options.publicOrigin, adminPage }), adapter, {
    bodyParser: false,
    logger: frameworkLog(log),
    abortOnError: false,
  });
  const requests = metrics.counter({ name: 'kkm_http_requests_total', help: 'Requests answered, by operation and status.', labels: ['operation', 'status'] });
  const durations = metrics.histogram({
    name: 'kkm_http_request_seconds',
    help: 'Time from a request to its answer; includes the wait that Prefer asks for.',
    labels: ['operation'],
  });
  const server = adapter.getInstance();
  traceRequests(server as unknown as Parameters<typeof traceRequests>[0]);
  hangDoor(server as unknown as DoorServer, {
    authentication: parts.authentication,
    publicOrigin: options.publicOrigin,
    rateLimit: new RateLimit(options.rate, () => performance.now()),
    answered: (operation, status, ms) => {
      requests.inc({ operation, status: String(status) });
      durations.observe({ operation }, ms / 1_000);
    },
  });
  hangAudit(server as unknown as AuditedServer, parts.audit);
  // Routes are the controller's; what is registered sends files, compressed ones where the build wrote them.
  if (adminPage.exists) await app.register(fastifyStatic, { root: adminPage.root, serve: false, preCompressed: true, cacheControl: false });
  else log.warn({ path: adminPage.root }, 'The admin page is not built; the gateway goes without it.');
  app.useGlobalFilters(new ProblemFilter({ log, publicOrigin: options.publicOrigin }));
  const strategy = new AmqpStrategy({
    broker,
    calls: [{ queue: queues.gatewayRpc, prefetch: callsPrefetch }],
    queues: [
      { queue: queues.gatewayIngress, prefetch: ingressPrefetch },
      { queue: queues.gatewayChecks, prefetch: checksPrefetch },
    ],
  });
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.listen(options.port, options.host);
  return app;
}

/** The caller's own id for the request, when it is fit for logs. */
function requestId(header: unknown): string {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : randomUUID();
}
