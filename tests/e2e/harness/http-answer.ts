import type { Payment } from '@kkm/core';

/** An answer of KKM or of the virtual terminal, read to its end. */
export interface HttpAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** What a request carries besides method and path. */
export interface HttpRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that holds the payment asked for, or a problem document with its code. */
export type PaymentAnswer = HttpAnswer<Payment & { readonly code?: string }>;

/** Sends one JSON request and reads the JSON answer; an empty body reads as null. */
export async function sendJson<T>(method: string, url: string, request: HttpRequest = {}): Promise<HttpAnswer<T>> {
  const headers = { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers };
  const answer = await fetch(url, {
    method,
    headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(70_000),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? null : JSON.parse(text)) as T };
}
