import { useTranslation } from 'react-i18next';
import { errorWords } from '../i18n/texts';

/** Reasons for parking that are no error codes, and where their words are. */
const reasons = {
  'handler.fault': 'handler_fault',
  'message.malformed': 'message_malformed',
  'message.too_large': 'message_too_large',
  'unknown-attempt': 'unknown_attempt',
  'attempt.unknown': 'attempt_unknown',
  'result.malformed': 'result_malformed',
  'result.without_permit': 'result_without_permit',
  delivery_limit: 'delivery_limit',
  expired: 'expired',
  'the command is for another terminal': 'another_terminal',
  unknown: 'unknown',
} as const;

/** Says why a message was parked; a reason that has no words is said as it is. */
export function useReasonWords(): (reason: string) => { readonly title: string; readonly remedy: string } {
  const { t } = useTranslation('parked');
  return (reason) => {
    const known = Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : null;
    return known === null ? (errorWords(reason) ?? { title: reason, remedy: '' }) : { title: t(`reasons.${known}`), remedy: '' };
  };
}
