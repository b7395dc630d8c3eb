import { check } from '@kkm/core';
import type { Digest } from './ports';

/**
 * Fingerprint of a request: what was asked, and its members as they were sent, in an order of their own, so that a repeat written by another JSON library is the same request.
 * Defaults are not filled in first: a later KKM with another default must still know an old request.
 * @param request plain JSON data, already checked by its schema.
 */
export function fingerprint(digest: Digest, asked: string, request: unknown): string {
  return digest(`${asked}\n${canonical(request)}`);
}

/** JSON with sorted members and no spaces; members that are undefined are left out. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    check(Number.isFinite(value), 'a request holds no infinite number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  check(typeof value === 'object', `a request holds no ${typeof value}`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
