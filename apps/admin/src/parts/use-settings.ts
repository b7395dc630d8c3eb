import type { QueryKey } from '@tanstack/react-query';
import { faultsOf } from './faults';
import { useDraft } from './use-draft';
import { useSaving } from './use-saving';

/** Settings that a form changes. */
export interface SettingsOptions<Values extends object, Body> {
  /** What the form holds of what is saved. */
  readonly saved: Values;
  readonly save: (body: Body) => Promise<unknown>;
  /** What is read anew once it is saved. */
  readonly touches: readonly QueryKey[];
}

/** A draft of settings and the way to save it. `card` is what the form's `SettingsCard` shows of both. */
export function useSettings<Values extends object, Body>({ saved, save, touches }: SettingsOptions<Values, Body>) {
  const draft = useDraft(saved);
  const saving = useSaving({ save, touches, onSaved: draft.discard });
  const card = { isChanged: draft.isChanged, saving: saving.isPending, problem: saving.error, onDiscard: draft.discard };
  return { ...draft, save: (body: Body) => saving.mutate(body), faultAt: faultsOf(saving.error), card };
}
