import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../api/api';
import { Confirm } from '../parts/confirm';
import { ProblemAlert } from '../parts/problem-alert';
import { Card } from '../parts/settings-card';
import { useSaving } from '../parts/use-saving';
import { useWords } from '../parts/words';
import { sitesKey } from '../sites/sites';
import { changedMembers } from './changed-members';
import { profilesKey, registersKey, settingChangesKey, terminalsKey } from './equipment';
import { useMemberWords } from './use-member-words';

/** One change of a setting. */
type SettingChange = ReadBody<'SettingChange'>;

/** Whose history is shown. */
export interface SettingHistoryProps {
  readonly kind: SettingChange['kind'];
  /** Null: an entry of every site. */
  readonly siteId: string | null;
  readonly id: string;
}

const shownAtFirst = 10;

/** Who changed an entry, when, from what to what; the newest change can be taken back. */
export function SettingHistory({ kind, siteId, id }: SettingHistoryProps) {
  const { t } = useTranslation(['equipment', 'shell']);
  const query = useInfiniteQuery({
    queryKey: [...settingChangesKey, kind, siteId, id],
    queryFn: ({ pageParam, signal }) =>
      api.get<'SettingChangePage'>(
        '/v1/setting-changes',
        { kind, id, siteId: siteId ?? undefined, limit: shownAtFirst, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const changes = query.data?.pages.flatMap((page) => page.settingChanges) ?? [];
  return (
    <Card title={t('history.title')} text={t('history.text')}>
      {query.error !== null && <ProblemAlert problem={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && changes.length === 0 && <Text c="dimmed">{t('history.empty')}</Text>}
      <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
      </Stack>
      {query.hasNextPage && (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('shell:more')}
        </Button>
      )}
    </Card>
  );
}

function ChangeRow({ change }: { readonly change: SettingChange }) {
  const { t } = useTranslation('equipment');
  const words = useWords();
  const memberWords = useMemberWords(change.kind);
  const members = change.what === 'changed' ? changedMembers(change.before, change.after).map(memberWords) : [];
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Stack gap={4}>
          <Group gap="xs">
            <Text size="sm" fw={500} className="kkm-wrap">
              {t('history.by', { time: words.time(change.at), name: change.by.name })}
            </Text>
            <Badge variant="light">{change.undoes === null ? t(`history.what.${change.what}`) : t('history.tookBack')}</Badge>
            {change.undoneBy !== null && (
              <Badge variant="light" color="gray">
                {t('history.takenBack')}
              </Badge>
            )}
          </Group>
          {members.map(({ name, before, after }) => (
            <Text key={name} size="sm" c="dimmed" className="kkm-wrap">
              {t('history.member', { name, before, after })}
            </Text>
          ))}
          {change.secretChanged && (
            <Text size="sm" c="dimmed">
              {t('history.secret')}
            </Text>
          )}
        </Stack>
        {change.undoable && <TakeBack change={change} />}
      </Group>
    </li>
  );
}

function TakeBack({ change }: { readonly change: SettingChange }) {
  const { t } = useTranslation('equipment');
  const [asking, setAsking] = useState(false);
  const undo = useSaving({
    save: () => api.post<'SettingChange'>(inPath`/v1/setting-changes/${change.id}/undo`),
    touches: [settingChangesKey, sitesKey, registersKey, terminalsKey, profilesKey],
    onSaved: () => setAsking(false),
    said: t('history.isTakenBack'),
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t('history.takeBack')}
      </Button>
      <Confirm
        opened={asking}
        title={t('history.ask')}
        text={t(`history.askText.${change.what}`)}
        confirm={t('history.takeBack')}
        loading={undo.isPending}
        onConfirm={() => undo.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {undo.error !== null && <ProblemAlert problem={undo.error} />}
      </Confirm>
    </>
  );
}
