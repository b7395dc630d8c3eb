import { equipmentIdPattern } from '@kkm/core';

/** A terminal to be played, and the TCP port it listens on (0: any free one). */
export interface ListedTerminal {
  readonly id: string;
  readonly port: number;
}

/** How many terminals one process plays. */
export const terminalsMax = 1_000;

/** Reads `pax-1:5201,pax-2:5202` or `pax-1..64:5201`; otherwise says in a sentence what is wrong. */
export function readTerminalList(text: string): readonly ListedTerminal[] | string {
  const terminals: ListedTerminal[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const read = readPart(part);
    if (typeof read === 'string') return read;
    terminals.push(...read);
    if (terminals.length > terminalsMax) return `at most ${terminalsMax} terminals`;
  }
  const ids = new Set(terminals.map(({ id }) => id));
  if (ids.size < terminals.length) return 'every id only once';
  const ports = terminals.map(({ port }) => port).filter((port) => port !== 0);
  if (new Set(ports).size < ports.length) return 'every port only once';
  return terminals;
}

function readPart(part: string): readonly ListedTerminal[] | string {
  const [, name = '', last, portText = ''] = /^([^:]+?)(?:\.\.(\d{1,5}))?:(\d{1,5})$/.exec(part) ?? [];
  const port = Number(portText);
  const [, stem = '', first = ''] = /^(.*?)(\d{1,5})$/.exec(name) ?? [];
  const count = last === undefined ? 1 : Number(last) - Number(first) + 1;
  if (!equipmentIdPattern.test(name) || (last !== undefined && first === '')) return `"${part}" is not id:port or id1..n:port`;
  if (count < 1 || count > terminalsMax) return `"${part}" names no or too many terminals`;
  if (port !== 0 && port + count - 1 > 65_535) return `"${part}" goes beyond port 65535`;
  return Array.from({ length: count }, (_, at) => ({ id: last === undefined ? name : `${stem}${Number(first) + at}`, port: port === 0 ? 0 : port + at }));
}
