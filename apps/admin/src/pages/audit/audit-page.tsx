import { Badge, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { ReadBody } from '@kkm/contracts';
import { errorWords } from '../../i18n/texts';
import { EmptyState } from '../../parts/empty-state';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';
import { useActionWords } from './use-action-words';

type Entry = ReadBody<'AuditEntry'>;

/** Who changed what, and when. */
export function AuditPage() {
  const { t } = useTranslation('audit');
  const words = useWords();
  const actionWords = useActionWords();
  const { listedOf } = useSite();
  const [params, setParams] = useSearchParams();
  const days = { from: params.get('from') ?? '', to: params.get('to') ?? '' };
  const query = { siteId: listedOf, from: instantOf(days.from, 0), to: instantOf(days.to, 1) };
  const { list, rows } = usePageList<'AuditPage', Entry>({ queryKey: ['audit'], path: '/v1/audit', query, take: (page) => page.entries });
  const columns = [
    { title: t('at'), cell: (entry: Entry) => words.time(entry.at) },
    { title: t('who'), cell: (entry: Entry) => <Who entry={entry} /> },
    { title: t('what'), cell: (entry: Entry) => <What entry={entry} said={actionWords(entry.action)} /> },
    { title: t('outcome'), cell: (entry: Entry) => <Outcome entry={entry} /> },
    { title: t('address'), cell: (entry: Entry) => entry.address, isMinor: true },
  ];
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Group role="search" mb="md" gap="sm" aria-label={t('filter')}>
        {(['from', 'to'] as const).map((side) => (
          <TextInput
            key={side}
            type="date"
            label={t(side)}
            value={days[side]}
            onChange={(event) => setParams(given({ ...days, [side]: event.currentTarget.value }), { replace: true })}
          />
        ))}
      </Group>
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

function Who({ entry: { by } }: { readonly entry: Entry }) {
  const { t } = useTranslation('audit');
  return (
    <Stack gap={0}>
      <Text size="sm">{by.name}</Text>
      <Text size="xs" c="dimmed">
        {t(`kinds.${by.kind}`)}
      </Text>
    </Stack>
  );
}

function What({ entry, said }: { readonly entry: Entry; readonly said: string }) {
  return (
    <Stack gap={2}>
      <Text size="sm">{said}</Text>
      <Code className="kkm-wrap">
        {entry.method} {entry.path}
      </Code>
    </Stack>
  );
}

function Outcome({ entry: { code, status } }: { readonly entry: Entry }) {
  const { t } = useTranslation('audit');
  if (code === null && status < 400)
    return (
      <Badge variant="light" color="green">
        {t('done')}
      </Badge>
    );
  return (
    <Stack gap={2} align="flex-start">
      <Badge variant="light" color="red">
        {t('refused')}
      </Badge>
      <Text size="xs">{code === null ? status : (errorWords(code)?.title ?? code)}</Text>
    </Stack>
  );
}

/** The beginning of a day by the clock on the wall, or of one that many days later; undefined for what is no day. */
function instantOf(day: string, later: number): string | undefined {
  if (!/^(19[7-9]|20|21)\d{1,2}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function given(members: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''));
}
