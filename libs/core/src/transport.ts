/** A two-way byte pipe to one terminal. Bytes may arrive split and joined anywhere. */
export interface Transport {
  /** Hands bytes over; false when the pipe is closed or its write buffer is full: then no byte of this call was or will be sent. */
  write(bytes: Uint8Array): boolean;
  /** Sets the one listener for bytes; what arrived before is handed over first. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Sets the one listener for the end of the pipe, told once, whoever ended it; at once when it has ended already. `why` is said where nobody meant it to end. */
  onClose(listener: (why?: string) => void): void;
  /** Ends the pipe. May be called again. */
  close(): void;
}

/** Runs something later. Real ones are in `libs/transports`; tests use a clock of their own. */
export interface Timers {
  /** Calls `fire` once after `ms`; the function returned calls it off. */
  set(ms: number, fire: () => void): () => void;
}
