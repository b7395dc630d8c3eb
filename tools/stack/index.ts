export { freePorts } from './free-ports';
export { checkoutRoot, startService } from './service-process';
export type { ServiceProcess } from './service-process';
export { startStack } from './start-stack';
export type { Stack, StackWays } from './start-stack';
