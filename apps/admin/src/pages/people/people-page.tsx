import { Badge, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { EmptyState } from '../../parts/empty-state';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { DeletePerson } from '../../people/delete-person';
import { PasswordDialog } from '../../people/password-dialog';
import { PersonDialog } from '../../people/person-dialog';
import { useSite } from '../../sites/sites';

type User = ReadBody<'User'>;

/** The dialog that is open; `user` is null for a new person. */
type Asked = { readonly what: 'change'; readonly user: User | null } | { readonly what: 'password' | 'delete'; readonly user: User };

/** Who may sign in, and as what. */
export function PeoplePage() {
  const { t } = useTranslation(['people', 'shell']);
  const words = useWords();
  const { nameOf, listedOf } = useSite();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { list, rows } = usePageList<'UserPage', User>({ queryKey: ['users'], path: '/v1/users', query: { siteId: listedOf }, take: (page) => page.users });
  const columns = [
    { title: t('name'), cell: (user: User) => user.name },
    { title: t('role'), cell: (user: User) => t(`roles.${user.role}`) },
    { title: t('site'), cell: (user: User) => (user.siteId === null ? t('shell:allSites') : nameOf(user.siteId)), isMinor: true },
    {
      title: t('state'),
      cell: (user: User) => (
        <Badge variant="light" color={user.enabled ? 'green' : 'gray'}>
          {user.enabled ? t('on') : t('off')}
        </Badge>
      ),
    },
    { title: t('signedIn'), cell: (user: User) => (user.signedInAt === null ? t('shell:never') : words.time(user.signedInAt)), isMinor: true },
    { title: t('acts'), cell: (user: User) => <PersonActs user={user} onAsk={setAsked} /> },
  ];
  const add = <Button onClick={() => setAsked({ what: 'change', user: null })}>{t('add')}</Button>;
  const close = (): void => setAsked(null);
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={add} />
      <PageList
        label={t('title')}
        list={list}
        rows={rows}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<EmptyState title={t('emptyTitle')} text={t('emptyText')} action={add} />}
      />
      {asked?.what === 'change' && <PersonDialog user={asked.user} onClose={close} />}
      {asked?.what === 'password' && <PasswordDialog user={asked.user} onClose={close} />}
      {asked?.what === 'delete' && <DeletePerson user={asked.user} onClose={close} />}
    </>
  );
}

function PersonActs({ user, onAsk }: { readonly user: User; readonly onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation(['people', 'shell']);
  const act = (what: Asked['what'], label: string) => (
    <Button size="compact-sm" variant="default" aria-label={`${label}: ${user.name}`} onClick={() => onAsk({ what, user })}>
      {label}
    </Button>
  );
  return (
    <Group gap="xs">
      {act('change', t('shell:change'))}
      {act('password', t('setPassword'))}
      {act('delete', t('shell:delete'))}
    </Group>
  );
}
