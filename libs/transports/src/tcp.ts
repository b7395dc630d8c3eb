import { createConnection, createServer } from 'node:net';
import type { Transport } from '@kkm/core';
import { Unavailable } from '@kkm/core';
import { socketTransport } from './socket-transport';

/** Where a terminal is, or where it is waited for, and how long. */
export interface TcpMeeting {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Connects to a terminal. Throws `Unavailable('terminal.unreachable')` when it refuses, does not exist or does not answer in time. */
export function connectTcp({ host, port, timeoutMs }: TcpMeeting): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true });
    const timer = setTimeout(() => fail(`did not answer within ${timeoutMs} ms`), timeoutMs);
    const fail = (what: string, cause?: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachable({ host, port }, what, cause));
    };
    socket.on('error', (cause: NodeJS.ErrnoException) => fail(cause.code ?? cause.message, cause)); // After the connection it fails nobody: the promise is settled.
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socketTransport(socket));
    });
  });
}

/**
 * Waits for a terminal that connects by itself, and takes its first connection. The port is open only while somebody waits; a terminal that finds it closed
 * tries again, as it does after every lost link. Throws `Unavailable('terminal.unreachable')` when none comes in time or the port cannot be had.
 */
export function listenTcp({ host, port, timeoutMs }: TcpMeeting): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true });
    const timer = setTimeout(() => fail(`the terminal did not connect within ${timeoutMs} ms`), timeoutMs);
    const fail = (what: string, cause?: unknown): void => {
      clearTimeout(timer);
      server.close();
      reject(unreachable({ host, port }, what, cause));
    };
    server.once('error', (cause: NodeJS.ErrnoException) => fail(`cannot listen: ${cause.code ?? cause.message}`, cause));
    server.on('connection', (socket) => {
      if (!server.listening) return void socket.destroy(); // A second one in the same instant.
      clearTimeout(timer);
      server.close();
      resolve(socketTransport(socket));
    });
    server.listen({ host, port });
  });
}

function unreachable({ host, port }: { readonly host: string; readonly port: number }, what: string, cause: unknown): Unavailable {
  return new Unavailable('terminal.unreachable', { detail: `${host}:${port} ${what}`, cause });
}
