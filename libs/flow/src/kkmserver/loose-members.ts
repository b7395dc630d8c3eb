/** Members of a command that somebody else wrote: their names in any case, their values of any type (KkmServer facts, section 8). */
export type LooseMembers = Readonly<Record<string, unknown>>;

/** A member whatever its name's case; undefined when there is none. Of several the last one counts, as for a name that is written twice. */
export function looseMember(members: LooseMembers, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(members).findLast(([known]) => known.toLowerCase() === wanted)?.[1];
}

/** The members but those named, whatever their case. */
export function withoutMembers(members: LooseMembers, names: readonly string[]): LooseMembers {
  const unwanted = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(members).filter(([name]) => !unwanted.has(name.toLowerCase())));
}

/** Text, also of a number; empty for everything else. */
export function looseText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** Whether a value says yes: `true`, `"true"`, `1`. */
export function looseFlag(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && ['true', '1'].includes(value.trim().toLowerCase()));
}

/** An object's members; none where it is something else. */
export function looseObject(value: unknown): LooseMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseMembers) : {};
}

/** The objects of a list; none where it is something else. */
export function looseList(value: unknown): readonly LooseMembers[] {
  return Array.isArray(value) ? value.map(looseObject) : [];
}

/** A whole number, also as text; null for everything else. */
export function looseInteger(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}
