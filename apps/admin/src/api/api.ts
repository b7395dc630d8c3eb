import type { ComponentName, ReadBody } from '@kkm/contracts';
import { ApiProblem, refusalOf } from './api-problem';

/** What a call may carry besides its path. */
export interface CallOptions {
  /** Members of the query; what is undefined or empty is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Sent as Idempotency-Key: the same on every repeat of one wish. */
  readonly key?: string;
  /** Seconds for which the answer may be held until there is a result. */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

type Answer<Name extends ComponentName | null> = Name extends ComponentName ? ReadBody<Name> : undefined;

/** Calls of `/v1`. Each names the body it answers with; null where there is none. */
export const api = {
  /** Reads. */
  get: <Name extends ComponentName>(path: string, query?: CallOptions['query'], signal?: AbortSignal): Promise<ReadBody<Name>> =>
    call<Name>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }) as Promise<ReadBody<Name>>,
  /** Makes something, or has something done. */
  post: <Name extends ComponentName | null>(path: string, options: CallOptions = {}): Promise<Answer<Name>> => call<Name>('POST', path, options),
  /** Sets the whole of something. */
  put: <Name extends ComponentName | null>(path: string, body: unknown, query?: CallOptions['query']): Promise<Answer<Name>> =>
    call<Name>('PUT', path, { body, ...(query ? { query } : {}) }),
  /** Changes the named members. */
  patch: <Name extends ComponentName | null>(path: string, body: unknown, query?: CallOptions['query']): Promise<Answer<Name>> =>
    call<Name>('PATCH', path, { body, ...(query ? { query } : {}) }),
  /** Deletes. */
  delete: (path: string, query?: CallOptions['query']): Promise<undefined> => call<null>('DELETE', path, query ? { query } : {}),
};

/** Who wants to know that the session has ended. */
const listeners = new Set<() => void>();

/** Tells when a call was answered with 401; gives back how to stop listening. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A new Idempotency-Key. Made of plain random bytes: `crypto.randomUUID` is missing where a café opens the page by http and an address. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The address of a call: members of a path are encoded by {@link inPath}, those of a query here. */
export function addressOf(path: string, query: CallOptions['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** A path with its members encoded: inPath`/v1/sites/${id}`. */
export function inPath(parts: TemplateStringsArray, ...members: readonly string[]): string {
  return parts.reduce((path, part, index) => `${path}${encodeURIComponent(members[index - 1] ?? '')}${part}`);
}

async function call<Name extends ComponentName | null>(method: string, path: string, options: CallOptions): Promise<Answer<Name>> {
  const response = await fetch(addressOf(path, options.query), {
    method,
    headers: headersOf(options),
    credentials: 'same-origin',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  }).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause;
    throw new ApiProblem({ kind: 'offline' });
  });
  if (!response.ok) {
    const problem = new ApiProblem(await refusalOf(response));
    if (response.status === 401 && path !== '/v1/session') listeners.forEach((listener) => listener());
    throw problem;
  }
  if (response.status === 204) return undefined as Answer<Name>;
  const body: unknown = await response.json().catch(() => {
    throw new ApiProblem({ kind: 'unreadable', status: response.status });
  });
  return body as Answer<Name>;
}

function headersOf({ body, key, waitSeconds }: CallOptions): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { 'idempotency-key': `"${key}"` }),
    ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
  };
}
