import type { Timers, Transport } from '@kkm/core';

/** How long a byte travels. */
const latencyMs = 1;

/** What a wire tells the terminal at its end. */
export interface TerminalEnd {
  /** Whether a connection would be taken now. */
  readonly acceptsConnection: boolean;
  connected(): void;
  bytes(bytes: Uint8Array): void;
  disconnected(): void;
}

/** What lies between the driver and the terminal of a lab. */
export interface LabWire {
  /** The register connects; null when the terminal takes nobody. */
  connect(): Promise<Transport | null>;
  /** The terminal sends. */
  send(bytes: Uint8Array): void;
  /** The terminal ends the connection; what was sent has arrived. */
  drop(): void;
  /** The terminal takes a connection again. */
  ready(): void;
  /** Resolves when nothing is on its way any more: the lab's clock stands still until then. Rejects when something never arrives. */
  quiet(): Promise<void>;
}

/** Makes the wire of one lab. `timers` are the lab's. */
export type MakeWire = (end: TerminalEnd, timers: Timers) => Promise<LabWire>;

interface Link {
  open: boolean;
  onData: (bytes: Uint8Array) => void;
  onClose: () => void;
}

/** A wire that exists in memory alone. */
export const memoryWire: MakeWire = (end, timers) => {
  let current: Link | null = null;
  const connect = (): Transport => {
    const link: Link = { open: true, onData: () => undefined, onClose: () => undefined };
    current = link;
    end.connected();
    return {
      write: (bytes) => {
        if (!link.open) return false;
        timers.set(latencyMs, () => {
          if (current === link) end.bytes(bytes);
        });
        return true;
      },
      onData: (listener) => (link.onData = listener),
      onClose: (listener) => (link.onClose = listener),
      close: () => {
        if (!link.open) return;
        link.open = false;
        if (current === link) {
          current = null;
          end.disconnected();
        }
        timers.set(0, () => link.onClose());
      },
    };
  };
  return Promise.resolve({
    connect: () => Promise.resolve(end.acceptsConnection ? connect() : null),
    send: (bytes) => current?.onData(bytes),
    drop: () => {
      const link = current;
      current = null;
      if (!link?.open) return;
      link.open = false;
      link.onClose();
    },
    ready: () => undefined,
    quiet: () => Promise.resolve(),
  });
};
