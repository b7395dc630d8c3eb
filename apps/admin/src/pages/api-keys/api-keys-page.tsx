import { Badge, Button, Code, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { CreateKeyDialog } from '../../api-keys/create-key-dialog';
import { RevokeKey } from '../../api-keys/revoke-key';
import { RotateKeyDialog } from '../../api-keys/rotate-key-dialog';
import { EmptyState } from '../../parts/empty-state';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { SecretOnce } from '../../parts/secret-once';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';

type ApiKey = ReadBody<'ApiKey'>;

/** What is open: a dialog, or the key that was just made. */
type Asked =
  | { readonly what: 'create' }
  | { readonly what: 'rotate' | 'revoke'; readonly apiKey: ApiKey }
  | { readonly what: 'issued'; readonly issued: ReadBody<'IssuedApiKey'> };

/** Keys of programs that call KKM. */
export function ApiKeysPage() {
  const { t } = useTranslation(['apiKeys', 'shell']);
  const words = useWords();
  const { nameOf } = useSite();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { list, rows } = usePageList<'ApiKeyPage', ApiKey>({ queryKey: ['api-keys'], path: '/v1/api-keys', take: (page) => page.apiKeys });
  const columns = [
    { title: t('name'), cell: (key: ApiKey) => key.name },
    { title: t('hint'), cell: (key: ApiKey) => <Code>…{key.hint}</Code> },
    { title: t('site'), cell: (key: ApiKey) => (key.siteId === null ? t('shell:allSites') : nameOf(key.siteId)), isMinor: true },
    { title: t('scopes'), cell: (key: ApiKey) => key.scopes.join(', '), isMinor: true },
    { title: t('made'), cell: (key: ApiKey) => words.time(key.rotatedAt ?? key.createdAt), isMinor: true },
    { title: t('acts'), cell: (key: ApiKey) => <KeyActs apiKey={key} onAsk={setAsked} /> },
  ];
  const add = <Button onClick={() => setAsked({ what: 'create' })}>{t('add')}</Button>;
  const close = (): void => setAsked(null);
  const issue = (issued: ReadBody<'IssuedApiKey'>): void => setAsked({ what: 'issued', issued });
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
      {asked?.what === 'create' && <CreateKeyDialog onIssued={issue} onClose={close} />}
      {asked?.what === 'rotate' && <RotateKeyDialog apiKey={asked.apiKey} onIssued={issue} onClose={close} />}
      {asked?.what === 'revoke' && <RevokeKey apiKey={asked.apiKey} onClose={close} />}
      {asked?.what === 'issued' && <SecretOnce title={t('issued', { name: asked.issued.name })} label={t('key')} secret={asked.issued.key} onClose={close} />}
    </>
  );
}

function KeyActs({ apiKey, onAsk }: { readonly apiKey: ApiKey; readonly onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation('apiKeys');
  const words = useWords();
  if (apiKey.revokedAt !== null)
    return (
      <Badge variant="light" color="gray">
        {t('revokedAt', { at: words.time(apiKey.revokedAt) })}
      </Badge>
    );
  return (
    <Group gap="xs">
      {(['rotate', 'revoke'] as const).map((what) => (
        <Button key={what} size="compact-sm" variant="default" aria-label={`${t(what)}: ${apiKey.name}`} onClick={() => onAsk({ what, apiKey })}>
          {t(what)}
        </Button>
      ))}
    </Group>
  );
}
