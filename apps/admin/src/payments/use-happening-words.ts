import type { Attempt, AttemptStatus, Payment } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { useWords } from '../parts/words';
import type { Happening } from './story';

/** What is written at a point of the story, and its colour. */
interface HappeningWords {
  readonly text: string;
  readonly color: string;
}

const endColours: Readonly<Record<AttemptStatus, string>> = {
  queued: 'gray',
  granted: 'blue',
  approved: 'green',
  declined: 'red',
  cancelled: 'gray',
  failed: 'red',
  unknown: 'orange',
  expired: 'gray',
  withdrawn: 'gray',
};

/** Puts what happened to a payment into the language in force. */
export function useHappeningWords(payment: Payment): (happening: Happening) => HappeningWords {
  const { t } = useTranslation('payments');
  const words = useWords();
  const money = (minor: number): string => words.money(minor, payment.currency);
  const textOf = (happening: Happening): string => {
    switch (happening.kind) {
      case 'opened':
        return t('story.opened', { amount: money(payment.attempts[0]?.amount ?? payment.amount), method: t(`methods.${payment.method}`) });
      case 'closed':
        return t('story.closed');
      case 'stopping':
        return payment.switchTo === null
          ? t(`story.stopping.${payment.cancelRequested ?? 'pending'}`)
          : t('story.switching', { method: t(`methods.${payment.switchTo}`) });
      case 'begun':
        return begunText(happening.attempt);
      case 'granted':
        return t('story.granted');
      case 'qr':
        return t('story.qr', { until: happening.attempt.qr === null ? '' : words.time(happening.attempt.qr.expiresAt) });
      case 'in_doubt':
        return t('story.in_doubt');
      case 'ended':
        return t(`attemptStatuses.${happening.attempt.status}`);
      case 'decided':
        return decidedText(happening.attempt);
      case 'unread':
        return happening.of === null ? t('story.unreadSum', { count: happening.n }) : t('story.unread', { n: happening.n, of: happening.of });
      case 'step':
        return t(`steps.${happening.progress.step}`, { n: happening.progress.n ?? '', of: happening.progress.of ?? '' });
      case 'said':
        return t(`evidence.kinds.${happening.evidence.kind}`);
      case 'conflict':
        return t('story.conflict');
      case 'surfaced':
        return t('story.surfaced', { amount: money(happening.money.amount) });
    }
  };
  const begunText = ({ number, operation, amount, method, terminalId }: Attempt): string => {
    const parts = { number, operation: t(`operations.${operation}`), amount: money(amount), method: t(`methods.${method}`), terminal: terminalId };
    return t('story.begun', parts);
  };
  const decidedText = ({ resolvedBy }: Attempt): string => {
    const { by, charged, chargedAmount } = resolvedBy ?? { by: { name: '' }, charged: false, chargedAmount: 0 };
    return charged ? t('story.decidedCharged', { name: by.name, amount: money(chargedAmount) }) : t('story.decidedUncharged', { name: by.name });
  };
  return (happening) => ({ text: textOf(happening), color: colourOf(happening) });
}

function colourOf(happening: Happening): string {
  switch (happening.kind) {
    case 'ended':
      return endColours[happening.attempt.status];
    case 'in_doubt':
    case 'conflict':
    case 'surfaced':
    case 'unread':
    case 'stopping':
      return 'orange';
    case 'closed':
    case 'decided':
      return 'grape';
    case 'opened':
    case 'begun':
    case 'granted':
    case 'qr':
    case 'step':
    case 'said':
      return 'blue';
  }
}
