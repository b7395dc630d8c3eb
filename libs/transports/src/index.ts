export { machineTimers } from './machine-timers';
export { openSerial } from './serial';
export { connectTcp, listenTcp } from './tcp';
export type { TcpMeeting } from './tcp';
