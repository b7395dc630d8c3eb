import { withoutRyuk } from './test-servers.config';

/** Addresses of a RabbitMQ in a container. */
export interface RabbitContainer {
  readonly amqpUrl: string;
  readonly amqpManagementUrl: string;
  stop(): Promise<void>;
}

/** The address of a Postgres in a container. */
export interface PostgresContainer {
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** The images of the versions that KKM is run with. */
export const images = { postgres: 'postgres:17', rabbitmq: 'rabbitmq:4-management' } as const;

const amqpPort = 5_672;
const managementPort = 15_672;

/** A cold image on a busy machine. */
const startWithinMs = 120_000;

/** Starts RabbitMQ by Testcontainers, which is loaded only now; rejects when the image cannot be had. */
export async function startRabbit(): Promise<RabbitContainer> {
  withoutRyuk();
  const { RabbitMQContainer } = await import('@testcontainers/rabbitmq');
  const container = await new RabbitMQContainer(images.rabbitmq).withStartupTimeout(startWithinMs).start();
  const [host, port, management] = [container.getHost(), container.getMappedPort(amqpPort), container.getMappedPort(managementPort)];
  return {
    amqpUrl: `amqp://guest:guest@${host}:${port}`,
    amqpManagementUrl: `http://guest:guest@${host}:${management}`,
    stop: async () => {
      await container.stop();
    },
  };
}

/** Starts Postgres by Testcontainers; rejects when the image cannot be had. */
export async function startPostgres(): Promise<PostgresContainer> {
  withoutRyuk();
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(images.postgres).withStartupTimeout(startWithinMs).start();
  return {
    databaseUrl: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}
