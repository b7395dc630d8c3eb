import { Alert, Button, Paper, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api';
import { PageHeader } from '../../parts/page-header';
import { ProblemAlert } from '../../parts/problem-alert';
import { isShort, passwordLength } from '../../people/new-password';
import { sessionKey, useSession } from '../../session/session';

const empty = { current: '', password: '', repeated: '' };

/** One's own password. A new one ends all other sessions of the person. */
export function AccountPage() {
  const { t } = useTranslation('session');
  const { session } = useSession();
  return (
    <>
      <PageHeader title={t('account.title')} text={t('account.text')} />
      <Paper withBorder p="md" radius="md" maw={480}>
        <PasswordForm name={session.name} />
      </Paper>
    </>
  );
}

function PasswordForm({ name }: { readonly name: string }) {
  const { t } = useTranslation('session');
  const queries = useQueryClient();
  const [typed, setTyped] = useState(empty);
  const [tried, setTried] = useState(false);
  const set = useMutation({
    mutationFn: () => api.put<'Session'>('/v1/session/password', { current: typed.current, password: typed.password }),
    onSuccess: (session) => {
      queries.setQueryData(sessionKey, session);
      setTyped(empty);
      setTried(false);
    },
  });
  const differs = typed.password !== typed.repeated;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (typed.current !== '' && !isShort(typed.password) && !differs) set.mutate();
  };
  const member = (key: keyof typeof empty, autoComplete: string, error: string | null) => (
    <PasswordInput
      label={t(`account.${key}`)}
      autoComplete={autoComplete}
      required
      value={typed[key]}
      onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
      error={tried ? error : null}
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
        {member('current', 'current-password', typed.current === '' ? t('passwordNeeded') : null)}
        {member('password', 'new-password', isShort(typed.password) ? t('account.short', { count: passwordLength.min }) : null)}
        {member('repeated', 'new-password', differs ? t('account.differs') : null)}
        {set.isError && <ProblemAlert problem={set.error} />}
        {set.isSuccess && typed === empty && (
          <Alert color="green" role="status">
            {t('account.set')}
          </Alert>
        )}
        <Button type="submit" loading={set.isPending}>
          {t('account.submit')}
        </Button>
      </Stack>
    </form>
  );
}
