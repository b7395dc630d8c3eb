/** Addresses of the servers that tests may use; null: there is none. */
export interface TestServers {
  /** `amqp://` with credentials of an administrator, no vhost. */
  readonly amqpUrl: string | null;
  /** `http://` with the same credentials: RabbitMQ's management API. */
  readonly amqpManagementUrl: string | null;
  /** A superuser's URL; tests create and drop databases beside it. */
  readonly databaseUrl: string | null;
  /** Why a server is missing, to be shown with skipped suites. */
  readonly missing: string | null;
  /** Why suites cannot start containers of their own; null: they can. */
  readonly containersMissing: string | null;
}

const names: Readonly<Record<keyof TestServers, string>> = {
  amqpUrl: 'KKM_TEST_AMQP_URL',
  amqpManagementUrl: 'KKM_TEST_AMQP_MANAGEMENT_URL',
  databaseUrl: 'KKM_TEST_DATABASE_URL',
  missing: 'KKM_TEST_SERVERS_MISSING',
  containersMissing: 'KKM_TEST_CONTAINERS_MISSING',
};

/** Reads the addresses: set by a person, by `./kkm test`, or by Jest's global set-up that started containers. */
export function readTestServers(): TestServers {
  const of = (key: keyof TestServers): string | null => process.env[names[key]] || null;
  return {
    amqpUrl: of('amqpUrl'),
    amqpManagementUrl: of('amqpManagementUrl'),
    databaseUrl: of('databaseUrl'),
    missing: of('missing'),
    containersMissing: of('containersMissing'),
  };
}

/** Tells Jest's worker processes, which inherit the environment, what the global set-up found. */
export function announceTestServers(servers: Partial<TestServers>): void {
  for (const [key, value] of Object.entries(servers)) process.env[names[key as keyof TestServers]] = value ?? '';
}

/** Where the Docker engine listens. */
export function dockerHost(): string {
  return process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
}

/** Lets Testcontainers work where its cleaner's image cannot be pulled; the tear-downs stop the containers instead. Call it before the package is loaded. */
export function withoutRyuk(): void {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
}
