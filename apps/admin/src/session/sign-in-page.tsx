import { Alert, Button, Center, Group, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/api';
import { ApiProblem } from '../api/api-problem';
import { ProblemAlert } from '../parts/problem-alert';
import { LanguageChoice } from '../shell/language-choice';
import { SchemeChoice } from '../shell/scheme-choice';
import { sessionKey } from './session';

/** Name and password. Says when the session before has ended, and how long to wait after too many tries. */
export function SignInPage({ ended }: { readonly ended: boolean }) {
  const { t } = useTranslation('session');
  useEffect(() => {
    document.title = `${t('title')} · KKM`;
  }, [t]);
  return (
    <Center mih="100dvh" p="md">
      <Stack w={360} maw="100%">
        <Group justify="flex-end" gap="xs">
          <LanguageChoice />
          <SchemeChoice />
        </Group>
        <Paper component="main" withBorder shadow="sm" p="lg" radius="md">
          <Stack>
            <Title order={1} size="h2">
              {t('title')}
            </Title>
            {ended && <Alert color="blue">{t('ended')}</Alert>}
            <SignInForm />
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}

function SignInForm() {
  const { t } = useTranslation('session');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useMutation({
    mutationFn: () => api.post<'Session'>('/v1/session', { body: { name: name.trim(), password } }),
    onSuccess: (session) => queries.setQueryData(sessionKey, session),
    onError: () => setPassword(''),
  });
  const waitSeconds = useWait(signIn.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== '' && password !== '' && waitSeconds === 0) signIn.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t('name')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && name.trim() === '' ? t('nameNeeded') : null}
        />
        <PasswordInput
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={tried && password === '' && !signIn.isError ? t('passwordNeeded') : null}
        />
        <SignInProblem error={signIn.error} waitSeconds={waitSeconds} />
        <Button type="submit" loading={signIn.isPending} disabled={waitSeconds > 0}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}

function SignInProblem({ error, waitSeconds }: { readonly error: Error | null; readonly waitSeconds: number }) {
  const { t } = useTranslation('session');
  if (error === null) return null;
  if (waitSeconds > 0) {
    return (
      <Alert color="orange" role="alert">
        {t('wait', { count: waitSeconds })}
      </Alert>
    );
  }
  if (error instanceof ApiProblem && error.refusal.kind === 'refused' && error.refusal.problem.status === 401) {
    return (
      <Alert color="red" role="alert" title={t('wrong')}>
        {t('wrongText')}
      </Alert>
    );
  }
  return <ProblemAlert problem={error} />;
}

/** Seconds that are left until a further try is taken. */
function useWait(error: Error | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const asked = error instanceof ApiProblem && error.refusal.kind === 'refused' ? (error.refusal.retryAfterSeconds ?? 0) : 0;
    setLeft(asked);
    if (asked === 0) return undefined;
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1_000);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
