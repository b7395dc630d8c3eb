import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of somebody who means ill, at an origin of its own. */
export class StrangePage {
  private constructor(private readonly server: Server) {}

  /** Serves one document at every path. */
  static async serve(html: string): Promise<StrangePage> {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html><title>Free games</title>${html}`);
    });
    await new Promise<void>((listening) => server.listen(0, listening));
    return new StrangePage(server);
  }

  /** Its address. `localhost` is another site than 127.0.0.1, another port of 127.0.0.1 the same site, whose requests carry the cookie. */
  at(host: 'localhost' | '127.0.0.1'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Takes it off the net. */
  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
