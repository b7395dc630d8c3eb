import { useTranslation } from 'react-i18next';
import type { texts } from '../../i18n/en';

type KnownAction = keyof (typeof texts)['audit']['actions'];

/** Puts what was done into words; an action that is newer than this page keeps its own name. */
export function useActionWords(): (action: string) => string {
  const { t, i18n } = useTranslation('audit');
  return (action) => (i18n.exists(`actions.${action}`, { ns: 'audit' }) ? t(`actions.${action as KnownAction}`) : action);
}
