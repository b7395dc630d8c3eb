import { request as plainRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { Unavailable } from '@kkm/core';
import type { LooseMembers, RemoteAnswer, RemoteRegister } from '@kkm/flow/kkmserver';

/** Lists of many devices and slips are some tens of kilobytes; what is longer than this is no answer. */
const answerBytesMax = 4 * 1024 * 1024;

/** Where a register takes commands, and as whom. */
export interface RegisterAddress {
  readonly url: string;
  readonly login: string;
  /** Opened for each command and kept nowhere. */
  readonly password: () => Promise<string>;
}

/** A KkmServer-compatible register over HTTP. Each command has a connection of its own, closed with its end: no command of an earlier moment arrives after it was given up. */
export function httpRegister(address: RegisterAddress): RemoteRegister {
  return {
    execute: async (command, waitMs) => {
      const { url, login } = address;
      const password = await passwordOf(address);
      if (password === null) return { kind: 'unreachable', error: 'пароль кассы не открывается, задайте его заново' };
      const credentials = Buffer.from(`${login}:${password}`).toString('base64');
      return send(new URL(url), { command, waitMs, authorization: `Basic ${credentials}` });
    },
  };
}

/** A register whose password cannot be opened is one that cannot be reached: what it was asked waits, and people read why. */
async function passwordOf({ password }: RegisterAddress): Promise<string | null> {
  try {
    return await password();
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
}

function send(url: URL, asked: { readonly command: LooseMembers; readonly waitMs: number; readonly authorization: string }): Promise<RemoteAnswer> {
  const isTls = url.protocol === 'https:';
  const body = Buffer.from(JSON.stringify(asked.command));
  const headers = { authorization: asked.authorization, 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
  const options: RequestOptions = { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(asked.waitMs) };
  return new Promise((resolve) => {
    const outgoing = isTls ? tlsRequest(url, options) : plainRequest(url, options);
    let sent = false;
    const fail = (error: unknown): void => resolve({ kind: sent ? 'lost' : 'unreachable', error: sent ? 'ответ кассы не получен' : whyOf(error) });
    // Not before its connection, and TLS where there is some, stood can bytes of the request have left.
    outgoing.on('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', () => (sent = true)));
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => {
      readAnswer(answer).then((text) => resolve(meaningOf(answer.statusCode ?? 0, text)), fail);
    });
    outgoing.end(body);
  });
}

/** Who refuses the door did nothing with the command; any other answer that is no JSON object says nothing about it. */
function meaningOf(status: number, text: string): RemoteAnswer {
  if (status === 401 || status === 403) return { kind: 'unreachable', error: 'касса не принимает логин и пароль' };
  if (status === 404 || status === 405) return { kind: 'unreachable', error: 'по адресу кассы нет KkmServer' };
  const body = objectOf(text);
  if (status === 501) return { kind: 'answered', body: { Status: 2, Error: 'Касса не знает этой команды.' } };
  return status >= 200 && status < 300 && body ? { kind: 'answered', body } : { kind: 'lost', error: `касса ответила непонятно (HTTP ${status})` };
}

async function readAnswer(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > answerBytesMax) throw new RangeError('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

function objectOf(text: string): LooseMembers | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseMembers) : null;
  } catch {
    // What is no JSON is no answer; the caller says so.
    return null;
  }
}

function whyOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return `касса недоступна (${typeof code === 'string' ? code : 'нет соединения'})`;
}
