import { Button, Group, Stack, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** One step: its heading, its content, and the ways on. */
export interface StepFrameProps {
  readonly title: string;
  readonly onBack?: () => void;
  readonly onNext?: () => void;
  readonly nextLabel?: string;
  readonly nextDisabled?: boolean;
  readonly nextLoading?: boolean;
  readonly children: ReactNode;
}

/** The frame of a step. Its heading takes the focus, so that a screen reader says where one is. */
export function StepFrame({ title, onBack, onNext, nextLabel, nextDisabled = false, nextLoading = false, children }: StepFrameProps) {
  const { t } = useTranslation('shell');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!nextDisabled) onNext?.();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={2} size="h3" ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {children}
        <Group justify="space-between">
          {onBack === undefined ? (
            <span />
          ) : (
            <Button variant="default" onClick={onBack}>
              {t('back')}
            </Button>
          )}
          {onNext !== undefined && (
            <Button type="submit" disabled={nextDisabled} loading={nextLoading}>
              {nextLabel ?? t('next')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
