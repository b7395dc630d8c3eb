import type { WrittenAnswer } from '@kkm/contracts';

/** A server elsewhere that is polled for commands. */
export interface RemoteServer {
  readonly url: string;
  /** What this client is called there. */
  readonly token: string;
  /** Null: the server asks for none. */
  readonly credentials: { readonly login: string; readonly password: string } | null;
}

/** Brings results to a remote server and fetches its commands, as it sent them. Rejects where it did not take the results. */
export type PollRemote = (results: readonly WrittenAnswer[], gone: AbortSignal) => Promise<readonly unknown[]>;

/** How long a remote server may take to answer. */
const answerWithinMs = 30_000;

/** Most bytes of an answer that are read. */
const answerBytesMax = 4 * 1024 * 1024;

/** Polls a server over HTTP. An answer that cannot be read counts as one without commands: the results were taken all the same. */
export function pollOverHttp({ url, token, credentials }: RemoteServer): PollRemote {
  const authorization = credentials && `Basic ${Buffer.from(`${credentials.login}:${credentials.password}`).toString('base64')}`;
  return async (results, gone) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...(authorization === null ? {} : { authorization }) },
      body: JSON.stringify({ Command: 'GetCommand', Token: token, ListRezult: results }),
      redirect: 'error', // Credentials go to the server that was named, and to no other.
      signal: AbortSignal.any([gone, AbortSignal.timeout(answerWithinMs)]),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`the remote server answered ${answer.status}`);
    }
    return commandsIn(await textOf(answer));
  };
}

async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (answer.body === null) return '';
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > answerBytesMax) return '';
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function commandsIn(text: string): readonly unknown[] {
  let body: unknown;
  try {
    body = JSON.parse(text) as unknown;
  } catch {
    return [];
  }
  if (typeof body !== 'object' || body === null) return [];
  const list: unknown = Object.entries(body).find(([member]) => member.toLowerCase() === 'listcommand')?.[1];
  return Array.isArray(list) ? list : [];
}
