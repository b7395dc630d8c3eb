import type { Socket } from 'node:net';
import type { Transport } from '@kkm/core';
import { Receiver } from './receiver';

/** Bytes that may wait to be sent. No request of a terminal protocol comes near; more means that the other side no longer reads. */
export const writeBufferBytesMax = 262_144;
/** After so long without a sign of life the system asks the other side; a few unanswered probes end the connection. */
const keepAliveDelayMs = 15_000;

/** Wraps a connected socket. Small frames leave at once (no Nagle), a dead peer is noticed (keep-alive), and nothing grows without bound. */
export function socketTransport(socket: Socket): Transport {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  const receiver = new Receiver(() => socket.destroy());
  let why: string | undefined;
  if (socket.destroyed) receiver.finish();
  socket.on('data', (bytes: Uint8Array) => receiver.take(bytes));
  // It is told for the log alone: `close` follows every error, and what was sent is in doubt either way.
  socket.on('error', (error: NodeJS.ErrnoException) => (why = error.code ?? error.message));
  socket.on('end', () => socket.destroy());
  socket.on('close', () => receiver.finish(why));
  return {
    write: (bytes) => {
      if (receiver.ended || socket.destroyed || !socket.writable || socket.writableLength + bytes.length > writeBufferBytesMax) return false;
      socket.write(bytes);
      return true;
    },
    onData: (listener) => receiver.listen(listener),
    onClose: (listener) => receiver.listenEnd(listener),
    close: () => socket.destroySoon(),
  };
}
