export { loadConfig } from './load-config';
export type { ConfigFault, Environment, InvalidConfig } from './load-config';
export { amqpUrl, port, postgresUrl, serviceVariables, wholeNumber } from './variables';
