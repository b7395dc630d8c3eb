import { check } from './check';

/** Ids of a site, register or terminal are chosen by people: 1 to 64 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit. They become parts of queue names. */
export const equipmentIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Crockford's base 32 in lower case: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Prefixes of the ids KKM makes itself. */
export type IdPrefix =
  'pay' | 'att' | 'evt' | 'res' | 'key' | 'ref' | 'nonce' | 'worker' | 'cmd' | 'req' | 'usr' | 'ses' | 'aud' | 'hook' | 'dlv' | 'crt' | 'prk';

/**
 * Makes an id that sorts by time: prefix, 10 characters of milliseconds, 16 random ones (80 bits).
 * @param random fills 16 bytes; each contributes five bits.
 */
export function newId(prefix: IdPrefix, nowMs: number, random: (bytes: number) => Uint8Array): string {
  check(Number.isSafeInteger(nowMs) && nowMs >= 0, 'an id needs a time');
  let time = '';
  for (let rest = nowMs, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
  let tail = '';
  for (const byte of random(16)) tail += alphabet[byte & 31];
  return `${prefix}_${time}${tail}`;
}

/** When an id of {@link newId} was made, in milliseconds; null for an id that is not one. Good for measuring, not for deciding. */
export function idMadeAtMs(id: string): number | null {
  const time = /^[a-z]+_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}$/.exec(id)?.[1];
  if (time === undefined) return null;
  return [...time].reduce((ms, digit) => ms * 32 + alphabet.indexOf(digit), 0);
}

/**
 * Whether names made of two sites' ids can be mistaken for each other: ids may have dots, so a terminal `1.pax` of `club` and a terminal `pax` of `club.1` would share
 * a queue, and whoever may read all queues of `club` could read those of `club.1`. Two such sites are never both there.
 */
export function sitesOverlap(siteId: string, other: string): boolean {
  return siteId.startsWith(`${other}.`) || other.startsWith(`${siteId}.`);
}

/** The name of the queue that feeds one terminal; also the routing key on `kkm.commands` without the prefix. */
export function terminalQueue(siteId: string, terminalId: string): string {
  check(equipmentIdPattern.test(siteId) && equipmentIdPattern.test(terminalId), 'a queue name needs valid ids');
  return `terminal.${siteId}.${terminalId}`;
}
