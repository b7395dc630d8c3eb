import type { ServerResponse } from 'node:http';

/** Bytes that may wait for a slow reader. Beyond, the stream is cut: the reader comes back with Last-Event-ID and misses nothing. */
const waitingBytesMax = 1_048_576;

/** A comment this often keeps proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

/** Writes server-sent events (HTML Living Standard, 9.2) to one reader. */
export class EventWriter {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse) {
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), heartbeatMs);
    response.once('close', () => clearInterval(this.heartbeat));
  }

  /** Sends the head, and at once a comment, so that the reader knows the stream is open. */
  begin(headers: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.response.setHeader(name, value as string);
    this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', connection: 'keep-alive' });
    this.write('retry: 1000\n: open\n\n');
  }

  /** Sends one event. `cursor` is what the reader resumes behind; without one he resumes behind the event before. */
  send(event: { readonly name: string; readonly data: unknown; readonly cursor?: string }): void {
    const id = event.cursor === undefined ? '' : `id: ${event.cursor}\n`;
    this.write(`event: ${event.name}\n${id}data: ${JSON.stringify(event.data)}\n\n`);
  }

  /** Resolves when the reader has taken what was written, or is gone. */
  drained(): Promise<void> {
    if (!this.response.writableNeedDrain || this.response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      this.response.on('drain', done).on('close', done);
    });
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength > waitingBytesMax) this.response.destroy();
  }
}
