/** Where Postgres and RabbitMQ may come from, as `--infra` says it. */
export const infraChoices = ['auto', 'native', 'docker', 'external'] as const;
/** One of {@link infraChoices}. */
export type InfraChoice = (typeof infraChoices)[number];
