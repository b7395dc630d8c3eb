import type { Terminal } from './equipment';

/** How a terminal is connected. */
export type Transport = Terminal['transport'];

/** Where a terminal is, on one line: `192.168.1.40:8888`. */
export function addressText(transport: Transport): string {
  return transport.kind === 'tcp' ? `${transport.host}:${transport.port}` : transport.path;
}

/** A first draft of each kind. Port 0: not entered yet; which one it is, the terminal's own menu says. */
export const emptyTransports = {
  tcp: { kind: 'tcp', mode: 'connect', host: '', port: 0 },
  serial: { kind: 'serial', path: '', baudRate: 115_200, parity: 'none', stopBits: 1 },
} as const satisfies Readonly<Record<Transport['kind'], Transport>>;

/** Whether a transport says enough to be tried. What it says is judged by KKM. */
export function isComplete(transport: Transport): boolean {
  return transport.kind === 'tcp' ? transport.host !== '' && transport.port > 0 : transport.path !== '';
}
