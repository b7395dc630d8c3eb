import { equipmentIdPattern } from '@kkm/core';
import type { Place } from './lines/line';

/** A terminal to be played, and what it listens on; port 0: any free one. */
export interface ListedTerminal {
  readonly id: string;
  readonly place: Place;
}

/** How many terminals one process plays. */
export const terminalsMax = 1_000;
/** How many of them hang on cables: each has a process of its own. */
const cablesMax = 32;

/** Paths of cables; registers open what is below /dev alone. */
const cablePattern = /^\/dev\/shm(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** Reads `pax-1:5201,pax-2:5202`, `pax-1..64:5201`, or `usb-1:/dev/shm/kkm/usb-1` for a cable; otherwise says in a sentence what is wrong. */
export function readTerminalList(text: string): readonly ListedTerminal[] | string {
  const terminals: ListedTerminal[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const read = part.includes(':/') ? readCable(part) : readPorts(part);
    if (typeof read === 'string') return read;
    terminals.push(...read);
    if (terminals.length > terminalsMax) return `at most ${terminalsMax} terminals`;
  }
  if (terminals.filter(({ place }) => place.kind === 'serial').length > cablesMax) return `at most ${cablesMax} cables`;
  const ids = new Set(terminals.map(({ id }) => id));
  if (ids.size < terminals.length) return 'every id only once';
  const places = terminals.map(({ place }) => (place.kind === 'tcp' ? String(place.port) : place.path)).filter((place) => place !== '0');
  if (new Set(places).size < places.length) return 'every port only once';
  return terminals;
}

function readCable(part: string): readonly ListedTerminal[] | string {
  const at = part.indexOf(':');
  const [id, path] = [part.slice(0, at), part.slice(at + 1)];
  if (!equipmentIdPattern.test(id) || !cablePattern.test(path)) return `"${part}" is not id:/dev/shm/name`;
  return [{ id, place: { kind: 'serial', path } }];
}

function readPorts(part: string): readonly ListedTerminal[] | string {
  const [, name = '', last, portText = ''] = /^([^:]+?)(?:\.\.(\d{1,5}))?:(\d{1,5})$/.exec(part) ?? [];
  const port = Number(portText);
  const [, stem = '', first = ''] = /^(.*?)(\d{1,5})$/.exec(name) ?? [];
  const count = last === undefined ? 1 : Number(last) - Number(first) + 1;
  if (!equipmentIdPattern.test(name) || (last !== undefined && first === '')) return `"${part}" is not id:port or id1..n:port`;
  if (count < 1 || count > terminalsMax) return `"${part}" names no or too many terminals`;
  if (port !== 0 && port + count - 1 > 65_535) return `"${part}" goes beyond port 65535`;
  return Array.from({ length: count }, (_, at) => ({
    id: last === undefined ? name : `${stem}${Number(first) + at}`,
    place: { kind: 'tcp', port: port === 0 ? 0 : port + at },
  }));
}
