/** Where registers find a terminal: a TCP port, or the path of a serial port. */
export type Place = { readonly kind: 'tcp'; readonly port: number } | { readonly kind: 'serial'; readonly path: string };

/** What a line tells the terminal that hangs on it. */
export interface FarEnd {
  /** Whether a connection would be taken now. */
  readonly acceptsConnection: boolean;
  connected(): void;
  bytes(bytes: Uint8Array): void;
  disconnected(): void;
}

/** What a virtual terminal hangs on. It carries one connection at a time. */
export interface Line {
  /** Port 0 before {@link Line.open}. */
  readonly place: Place;
  /** Whether bytes can come from a register. On a cable nobody at this end can tell whether one has the port open: it is connected while it is plugged in. */
  readonly connected: boolean;
  /** Begins to take connections. Rejects when the port cannot be had. */
  open(terminal: FarEnd): Promise<void>;
  /** `everyMs`: milliseconds between bytes; null: all at once. Goes nowhere while nobody is connected. */
  send(bytes: Uint8Array, everyMs: number | null): void;
  /** Ends the connection behind what was sent. */
  drop(): void;
  /** The terminal may be connected again. */
  ready(): void;
  /** Ends for good. */
  close(): Promise<void>;
}
