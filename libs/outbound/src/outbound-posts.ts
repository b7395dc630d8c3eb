import { lookup as systemLookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isPublicAddress } from './public-address';
import { urlFault } from './url-fault';

/** One request to an address that somebody set. */
export interface OutboundPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it. Without an answer `code` is null and `fault` says why. */
export interface OutboundAnswer {
  readonly code: number | null;
  /** `timeout`, `address_refused`, `no_answer`, or the code of Node's error. */
  readonly fault: string | null;
  readonly retryAfter: string | null;
  /** The first bytes of the body as text; null when there was no answer. */
  readonly response: string | null;
}

/** An address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Limits of {@link OutboundPosts}, and how names are resolved. */
export interface OutboundRules {
  /** The operator's word that addresses within the own network may be called. */
  readonly privateAllowed: boolean;
  /** From the first look-up to the last byte that is read. */
  readonly timeoutMs: number;
  /** More of a body is not read. */
  readonly responseBytesMax: number;
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>;
}

/** Requests to addresses that others set: no redirects, one connection each, bounded time and answers, and never to the own network unless that is allowed. */
export interface OutboundPosts {
  /** Never throws: what went wrong is a fault. */
  post(request: OutboundPost): Promise<OutboundAnswer>;
  /** Whether the address may be called, by its text and by what its name stands for now; null when it may. A name that nobody resolves is let be: it may come. */
  addressFault(url: string): Promise<string | null>;
}

type Resolve = NonNullable<OutboundRules['resolve']>;
type Lookup = NonNullable<RequestOptions['lookup']>;

/** The fault of an address within the own network. */
const refused = 'address_refused';

/** A name is resolved once and the connection goes to the address that was judged, so that a second answer of the name server cannot lead elsewhere (DNS rebinding). */
export function outboundPosts({ privateAllowed, timeoutMs, responseBytesMax, resolve = systemResolve }: OutboundRules): OutboundPosts {
  const rules = { privateAllowed, queryAllowed: true };
  const lookup = judgedLookup(resolve, privateAllowed);
  return {
    post: (request) =>
      urlFault(request.url, rules) === null ? send(request, { lookup, timeoutMs, responseBytesMax }) : Promise.resolve(withoutAnswer(refused)),
    addressFault: async (url) => {
      const fault = urlFault(url, rules);
      if (fault !== null || privateAllowed) return fault;
      const addresses = await resolve(new URL(url).hostname).catch(() => []);
      return addresses.some(({ address }) => !isPublicAddress(address)) ? 'must be a public host' : null;
    },
  };
}

/** How names are resolved on the way to a connection: what is left of their addresses is what may be called. */
function judgedLookup(resolve: Resolve, privateAllowed: boolean): Lookup {
  return (hostname, options, callback) => {
    const fail = (error: NodeJS.ErrnoException): void => callback(error, '', 0);
    const judge = (addresses: readonly ResolvedAddress[]): void => {
      const fit = privateAllowed ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = fit;
      if (!first) fail(Object.assign(new Error(`${hostname} leads to no public address`), { code: refused }));
      else if (options.all === true) callback(null, [...fit]);
      else callback(null, first.address, first.family);
    };
    resolve(hostname).then(judge, fail);
  };
}

function send(
  { url, headers, body }: OutboundPost,
  { lookup, timeoutMs, responseBytesMax }: { readonly lookup: Lookup; readonly timeoutMs: number; readonly responseBytesMax: number },
): Promise<OutboundAnswer> {
  const bytes = Buffer.from(body);
  const deadline = AbortSignal.timeout(timeoutMs);
  const options = { method: 'POST', headers: { ...headers, 'content-length': String(bytes.length) }, agent: false, lookup, signal: deadline } as const;
  return new Promise((resolve) => {
    let isAnswered = false;
    const fail = (error: unknown): void => {
      if (!isAnswered) resolve(withoutAnswer(deadline.aborted ? 'timeout' : codeOf(error)));
    };
    let outgoing: ClientRequest;
    try {
      outgoing = new URL(url).protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options);
    } catch (error) {
      return fail(error);
    }
    outgoing.on('error', fail);
    outgoing.on('close', () => fail(null));
    outgoing.on('response', (answer) => {
      isAnswered = true;
      const { statusCode: code = null } = answer;
      const retryAfter = answer.headers['retry-after'] ?? null;
      void firstBytes(answer, responseBytesMax).then((read) => resolve({ code, fault: null, retryAfter, response: read }));
    });
    outgoing.end(bytes);
  });
}

/** The status stands whatever becomes of the body: an endless one is left, and one that breaks off ends where it broke. */
async function firstBytes(answer: IncomingMessage, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= bytesMax) break;
    }
  } catch {
    // Decided above: the status was heard.
  }
  return Buffer.concat(parts).subarray(0, bytesMax).toString('utf8');
}

function withoutAnswer(fault: string): OutboundAnswer {
  return { code: null, fault, retryAfter: null, response: null };
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'no_answer';
}

async function systemResolve(hostname: string): Promise<readonly ResolvedAddress[]> {
  return systemLookup(hostname, { all: true, verbatim: true });
}
