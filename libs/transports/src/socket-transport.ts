import type { Socket } from 'node:net';
import type { Transport } from '@kkm/core';

/** Bytes that may wait to be sent. No request of a terminal protocol comes near; more means that the other side no longer reads. */
export const writeBufferBytesMax = 262_144;
/** Bytes that may wait for a listener; a terminal has nothing to say before it is spoken to. */
const earlyBytesMax = 65_536;
/** After so long without a sign of life the system asks the other side; a few unanswered probes end the connection. */
const keepAliveDelayMs = 15_000;

/** Wraps a connected socket. Small frames leave at once (no Nagle), a dead peer is noticed (keep-alive), and nothing grows without bound. */
export function socketTransport(socket: Socket): Transport {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  let onData: ((bytes: Uint8Array) => void) | null = null;
  let onClose: (() => void) | null = null;
  let closed = socket.destroyed;
  let early: Uint8Array[] = [];
  let earlyBytes = 0;
  socket.on('data', (bytes: Uint8Array) => {
    if (onData) return onData(bytes);
    early.push(bytes);
    earlyBytes += bytes.length;
    if (earlyBytes > earlyBytesMax) socket.destroy();
  });
  // The reason does not matter: `close` follows every error, and what was sent is in doubt either way.
  socket.on('error', () => undefined);
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    closed = true;
    onClose?.();
  });
  return {
    write: (bytes) => {
      if (closed || socket.destroyed || !socket.writable || socket.writableLength + bytes.length > writeBufferBytesMax) return false;
      socket.write(bytes);
      return true;
    },
    onData: (listener) => {
      onData = listener;
      const waiting = early;
      early = [];
      for (const bytes of waiting) listener(bytes);
    },
    onClose: (listener) => {
      onClose = listener;
      if (closed) listener();
    },
    close: () => socket.destroySoon(),
  };
}
