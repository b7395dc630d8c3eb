import { isSame } from '../parts/use-draft';

/** A member of an entry that differs, as text. */
export interface ChangedMember {
  /** Path of the member: `transport.port`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Members that every change moves, and that say nothing about what was changed. */
const moving = new Set(['updatedAt', 'createdAt', 'revision', 'changedAt', 'changedBy']);

/** What a change changed, member by member. */
export function changedMembers(before: Entry, after: Entry, path = ''): readonly ChangedMember[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => path !== '' || !moving.has(name));
  return names.flatMap((name) => {
    const [was, is] = [before?.[name], after?.[name]];
    if (isSame(was, is)) return [];
    const here = path === '' ? name : `${path}.${name}`;
    if (isEntry(was) && isEntry(is)) return changedMembers(was, is, here);
    return [{ name: here, before: shown(was), after: shown(is) }];
  });
}

type Entry = Readonly<Record<string, unknown>> | null;

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
