/** How a terminal is connected: by network or by cable. */
export type TerminalTransport = TcpSettings | SerialSettings;

/** A terminal in the network. `listen`: the terminal connects to the worker. */
export interface TcpSettings {
  readonly kind: 'tcp';
  readonly mode: 'connect' | 'listen';
  readonly host: string;
  readonly port: number;
}

/** Parity bits a serial line may have. */
export const parities = ['none', 'even', 'odd'] as const;

/** One of {@link parities}. */
export type Parity = (typeof parities)[number];

/** Speeds of a serial line that every port of Linux knows, bits per second. */
export const baudRates = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600] as const;

/** One of {@link baudRates}. */
export type BaudRate = (typeof baudRates)[number];

/** A terminal on a cable of the worker's machine: USB, RS-232. Eight data bits, no flow control. */
export interface SerialSettings {
  readonly kind: 'serial';
  /** Below `/dev`. A link of `/dev/serial/by-id` names the same terminal whatever socket it is plugged into. */
  readonly path: string;
  readonly baudRate: BaudRate;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
}
