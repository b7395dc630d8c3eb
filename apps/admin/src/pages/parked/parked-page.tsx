import { Badge, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { parkedStates } from '@kkm/core';
import type { ParkedState, ParkedSummary } from '@kkm/core';
import { errorWords } from '../../i18n/texts';
import { EmptyState } from '../../parts/empty-state';
import { LinkCell } from '../../parts/link-cell';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';

/** Colours of the states. */
const colours = { parked: 'orange', replayed: 'green', dismissed: 'gray' } as const;

/** What the switch calls "any state". */
const any = 'all';

/** Messages that nobody could handle. */
export function ParkedPage() {
  const { t } = useTranslation('parked');
  const words = useWords();
  const { siteId } = useSite();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') === any ? any : (parkedStates.find((one) => one === params.get('state')) ?? 'parked');
  const query = { siteId: siteId ?? undefined, state: state === any ? undefined : state };
  const { list, rows } = usePageList<'ParkedMessagePage', ParkedSummary>({
    queryKey: ['parked'],
    path: '/v1/parked-messages',
    query,
    take: (page) => page.parkedMessages,
  });
  const columns = [
    {
      title: t('message'),
      cell: (message: ParkedSummary) => (
        <LinkCell to={`/parked/${encodeURIComponent(message.id)}`}>{message.type ?? message.routingKey ?? message.id}</LinkCell>
      ),
    },
    { title: t('reason'), cell: ({ reason }: ParkedSummary) => errorWords(reason)?.title ?? reason },
    { title: t('state'), cell: (message: ParkedSummary) => <StateBadge state={message.state} /> },
    { title: t('at'), cell: (message: ParkedSummary) => words.time(message.parkedAt) },
    { title: t('queue'), cell: (message: ParkedSummary) => message.queue ?? '', isMinor: true },
  ];
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <SegmentedControl
        mb="md"
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
        columns={columns}
        empty={<EmptyState title={t('emptyTitle')} text={t('emptyText')} />}
      />
    </>
  );
}

/** Where a parked message stands. */
export function StateBadge({ state }: { readonly state: ParkedState }) {
  const { t } = useTranslation('parked');
  return (
    <Badge variant="light" tt="none" color={colours[state]}>
      {t(`states.${state}`)}
    </Badge>
  );
}
