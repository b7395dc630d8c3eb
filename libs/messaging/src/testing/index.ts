export { connectMemoryBroker } from './memory-broker';
export type { MemoryConnectOptions } from './memory-broker';
export { MemoryServer } from './memory-server';
export type { MemoryServerOptions } from './memory-server';
export { VirtualClock } from './virtual-clock';
export type { StoredMessage } from './memory-queue';
