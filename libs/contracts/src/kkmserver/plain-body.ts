import { maskCardNumbers } from '@kkm/core';
import { doorText } from './door-texts';
import { isCode, isOfCard, spelling } from './member-names';
import { withoutCard } from './universal-id';

/** How deep a command may be nested, and of how many values it may consist. A check with a thousand lines has some twenty thousand. */
const limits = { depth: 20, values: 50_000 } as const;

/** Largest number: beyond it a binary fraction no longer tells one whole number from the next. */
const numberMax = Number.MAX_SAFE_INTEGER;

/** A command's members: named as the API spells them, nothing null, no card data. */
export type PlainBody = Readonly<Record<string, unknown>>;

/** What a body was taken for. */
export type TakenBody = { readonly kind: 'members'; readonly members: PlainBody } | { readonly kind: 'refused'; readonly error: string };

/** Takes a body, as JSON gave it, for a command's members; or says why it cannot be one. */
export function plainBody(body: object): TakenBody {
  const error = faultOf(body);
  return error === null ? { kind: 'members', members: plain(body, '') as PlainBody } : { kind: 'refused', error };
}

/** Goes through the body level by level, so that no depth can exhaust the stack. */
function faultOf(body: object): string | null {
  let level: readonly unknown[] = [body];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) return doorText('bodyTooDeep');
    values += level.length;
    if (values > limits.values) return doorText('bodyTooManyParts');
    if (level.some((value) => typeof value === 'string' && !isKeepable(value))) return doorText('badText');
    if (level.some((value) => typeof value === 'number' && !(Math.abs(value) <= numberMax))) return doorText('badNumber');
    const objects = level.filter((value): value is object => typeof value === 'object' && value !== null);
    if (objects.some((object) => !Array.isArray(object) && !Object.keys(object).every(isKeepable))) return doorText('badText');
    level = objects.flatMap((object) => Object.values(object) as unknown[]);
  }
  return null;
}

/** Databases refuse the zero character, and half of a character pair is none. */
function isKeepable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

/** A copy without nulls and card data. `name` is that of the member it is the value of. */
function plain(value: unknown, name: string): unknown {
  if (typeof value === 'string') return plainText(value, name);
  if (typeof value === 'number') return plainNumber(value, name);
  if (Array.isArray(value)) return value.map((item) => plain(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([member, content]) => content !== null && !isOfCard(member));
  return Object.fromEntries(members.map(([member, content]) => [spelling(member), plain(content, member)]));
}

function plainText(text: string, name: string): string {
  if (name.toLowerCase() === 'universalid') return withoutCard(text);
  return isCode(name) ? text : masked(text);
}

/** A card's number is whole; the decimals that binary fractions leave behind may look like one. */
function plainNumber(value: number, name: string): number | string {
  if (!Number.isInteger(value)) return value;
  const text = String(value);
  const kept = isCode(name) ? text : masked(text);
  return kept === text ? value : kept;
}

/** Masks card numbers, but leaves what is a goods barcode by its own check digit. */
function masked(text: string): string {
  return text
    .split(/((?<!\d)\d{13}(?!\d))/)
    .map((part, index) => (index % 2 === 1 && isEan13(part) ? part : maskCardNumbers(part)))
    .join('');
}

/** The check digit of EAN-13 (GS1 General Specifications, section 7.9.1). */
function isEan13(digits: string): boolean {
  return [...digits].reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}
