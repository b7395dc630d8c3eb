import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Rejected } from '@kkm/core';
import { asKnownError, problemOf } from './problems';

/** Options of Fastify for requests that reach no route and no filter: URLs that cannot be decoded, and what is no HTTP at all. They get a problem document too. */
export function answerBrokenRequests(publicOrigin: string | null): object {
  const origin = publicOrigin ?? 'http://localhost';
  return {
    frameworkErrors: (error: unknown, request: { readonly id: string }, reply: { readonly raw: ServerResponse; hijack(): unknown }) => {
      const problem = problemOf(asKnownError(error), { origin, requestId: request.id });
      reply.hijack();
      reply.raw.writeHead(problem.status, { 'content-type': 'application/problem+json; charset=utf-8' });
      reply.raw.end(JSON.stringify(problem));
    },
    clientErrorHandler: (_error: Error, socket: Duplex) => {
      if (!socket.writable) return void socket.destroy();
      const body = JSON.stringify(problemOf(new Rejected('request.malformed'), { origin, requestId: 'none' }));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  };
}
