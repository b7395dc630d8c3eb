import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { parkedStates } from '@kkm/core';
import type { ParkedState, ParkedSummary } from '@kkm/core';
import { ParkedStateBadge } from '../../parked/state-badge';
import { useReasonWords } from '../../parked/reason-words';
import { EmptyState } from '../../parts/empty-state';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';

/** What the switch calls "any state". */
const any = 'all';

/** Messages that KKM could not handle. */
export function ParkedPage() {
  const { t } = useTranslation('parked');
  const words = useWords();
  const reasonWords = useReasonWords();
  const { listedOf, nameOf } = useSite();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') === any ? any : (parkedStates.find((one) => one === params.get('state')) ?? 'parked');
  const { list, rows } = usePageList<'ParkedMessagePage', ParkedSummary>({
    queryKey: ['parked'],
    path: '/v1/parked-messages',
    query: { siteId: listedOf, state: state === any ? undefined : state },
    take: (page) => page.parkedMessages,
  });
  const columns = [
    { title: t('message'), cell: (message: ParkedSummary) => message.type ?? message.routingKey ?? message.messageId ?? message.id },
    { title: t('reason'), cell: (message: ParkedSummary) => reasonWords(message.reason).title },
    { title: t('state'), cell: (message: ParkedSummary) => <ParkedStateBadge state={message.state} /> },
    { title: t('at'), cell: (message: ParkedSummary) => words.time(message.parkedAt) },
    { title: t('site'), cell: ({ siteId }: ParkedSummary) => (siteId === null ? '–' : nameOf(siteId)), isMinor: true },
    { title: t('queue'), cell: (message: ParkedSummary) => message.queue ?? '–', isMinor: true },
  ];
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <SegmentedControl
        mb="md"
        size="xs"
        className="kkm-segments"
        aria-label={t('state')}
        data={[...parkedStates, any].map((value) => ({ value, label: value === any ? t('anyState') : t(`states.${value as ParkedState}`) }))}
        value={state}
        onChange={(value) => setParams(value === 'parked' ? {} : { state: value }, { replace: true })}
      />
      <PageList
        label={t('title')}
        list={list}
        rows={rows}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/parked/${encodeURIComponent(id)}`}
        columns={columns}
        empty={<EmptyState title={t('emptyTitle')} text={state === 'parked' ? t('emptyText') : t('emptyOther')} />}
      />
    </>
  );
}
