import { useState } from 'react';

/** Settings that are being changed and not saved yet. */
export interface Draft<Values extends object> {
  readonly values: Values;
  readonly isChanged: boolean;
  /** The members that differ from what is saved. */
  readonly changes: Partial<Values>;
  readonly change: (members: Partial<Values>) => void;
  /** Back to what is saved. */
  readonly discard: () => void;
}

/** A draft of saved settings. What somebody else saves meanwhile shows through wherever the draft says nothing. */
export function useDraft<Values extends object>(saved: Values): Draft<Values> {
  const [edits, setEdits] = useState<Partial<Values>>({});
  const changes = differing(saved, edits);
  return {
    values: { ...saved, ...changes },
    isChanged: Object.keys(changes).length > 0,
    changes,
    change: (members) => setEdits((before) => ({ ...before, ...members })),
    discard: () => setEdits({}),
  };
}

/** The edits that say something else than what is saved. */
export function differing<Values extends object>(saved: Values, edits: Partial<Values>): Partial<Values> {
  const names = Object.keys(edits) as (keyof Values)[];
  const changed = names.filter((name) => !isSame(saved[name], edits[name]));
  return Object.fromEntries(changed.map((name) => [name, edits[name]])) as Partial<Values>;
}

/** Whether two plain values say the same, whatever the order of their members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]));
}
