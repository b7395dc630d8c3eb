import { createContext, use, useCallback, useEffect, useId, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';
import { Confirm } from './confirm';

/** Tells the guard of the page whether one draft would be lost. */
type Tell = (id: string, isUnsaved: boolean) => void;

/** State of a navigation that follows a saving: what it leaves is no draft any more. */
export const saved = 'saved';

const GuardContext = createContext<Tell | null>(null);

/** Asks before drafts are lost: on the way to another page, and when the browser's tab is closed. One for all forms, because a router takes one blocker. */
export function LeaveGuard({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('shell');
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
  const tell = useCallback<Tell>((id, isUnsaved) => setUnsaved((before) => withMember(before, id, isUnsaved)), []);
  const guards = unsaved.size > 0;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => guards && nextLocation.state !== saved && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!guards) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [guards]);
  return (
    <GuardContext value={tell}>
      {children}
      <Confirm
        opened={blocker.state === 'blocked'}
        title={t('unsaved.title')}
        text={t('unsaved.text')}
        confirm={t('unsaved.leave')}
        cancel={t('unsaved.stay')}
        onConfirm={() => blocker.proceed?.()}
        onClose={() => blocker.reset?.()}
      />
    </GuardContext>
  );
}

/** Has the guard ask before the component's draft is lost. */
export function useUnsaved(isUnsaved: boolean): void {
  const tell = use(GuardContext);
  const id = useId();
  const told = useMemo(() => tell ?? (() => {}), [tell]);
  useEffect(() => {
    told(id, isUnsaved);
    return () => told(id, false);
  }, [told, id, isUnsaved]);
}

function withMember(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  if (set.has(member) === isIn) return set;
  return new Set(isIn ? [...set, member] : [...set].filter((other) => other !== member));
}
