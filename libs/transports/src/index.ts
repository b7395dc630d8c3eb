export { machineTimers } from './machine-timers';
export { connectTcp, listenTcp } from './tcp';
export type { TcpMeeting } from './tcp';
