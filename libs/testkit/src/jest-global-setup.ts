import { images, startPostgres, startRabbit } from './containers';
import { askEngine } from './docker-engine';
import { announceTestServers, readTestServers } from './test-servers.config';

/** What this Jest run started, for the tear-down in the same process. */
export const started: { stop(): Promise<void> }[] = [];

/** Jest's global set-up for tests that need servers: uses what the environment names, else starts containers once per run, else says why suites are skipped. */
export default async function setUp(): Promise<void> {
  const engine = await askEngine(Object.values(images));
  announceTestServers({ containersMissing: engine.kind === 'ready' ? null : engine.why });
  const { amqpUrl, databaseUrl } = readTestServers();
  if (amqpUrl || databaseUrl) return announceTestServers({ missing: 'the environment names other servers, but not this one' });
  if (engine.kind === 'no-engine') return announceTestServers({ missing: `KKM_TEST_AMQP_URL and KKM_TEST_DATABASE_URL are not set and ${engine.why}` });
  const [rabbit, postgres] = await Promise.allSettled([startRabbit(), startPostgres()]);
  for (const result of [rabbit, postgres]) if (result.status === 'fulfilled') started.push(result.value);
  const failure = [rabbit, postgres].find((result) => result.status === 'rejected');
  announceTestServers({
    ...(rabbit.status === 'fulfilled' ? { amqpUrl: rabbit.value.amqpUrl, amqpManagementUrl: rabbit.value.amqpManagementUrl } : {}),
    ...(postgres.status === 'fulfilled' ? { databaseUrl: postgres.value.databaseUrl } : {}),
    ...(failure ? { missing: `its container cannot be started: ${String(failure.reason)}` } : {}),
  });
}
