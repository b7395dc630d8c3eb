import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/session';
import { useUnsaved } from './leave-guard';
import { ProblemAlert } from './problem-alert';
import { SaveBar } from './save-bar';

/** A form of settings with its heading. */
export interface SettingsCardProps {
  readonly title: string;
  readonly text?: string;
  readonly isChanged: boolean;
  readonly saving: boolean;
  readonly problem: unknown;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly children: ReactNode;
}

/** Settings that are a draft until they are saved. Asks before the draft is lost. */
export function SettingsCard({ title, text, isChanged, saving, problem, onSave, onDiscard, children }: SettingsCardProps) {
  const { t } = useTranslation('shell');
  const { may } = useSession();
  useUnsaved(isChanged);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave();
  };
  return (
    <Card title={title} {...(text === undefined ? {} : { text })}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {children}
          {problem !== null && <ProblemAlert problem={problem} />}
          {may('equipment:write') ? <SaveBar isChanged={isChanged} saving={saving} onDiscard={onDiscard} /> : <Alert color="gray">{t('forbidden')}</Alert>}
        </Stack>
      </form>
    </Card>
  );
}

/** A part of a page with its heading. */
export function Card({ title, text, children }: { readonly title: string; readonly text?: string; readonly children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="md" radius="md">
      <Stack>
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          {text !== undefined && (
            <Text c="dimmed" size="sm">
              {text}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}
