import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A question with fields. */
export interface DialogProps {
  readonly title: string;
  readonly text?: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly isPending: boolean;
  /** What was asked for may have been done: nothing else can be asked until that is known. */
  readonly isLocked?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog. It is open for as long as it is shown at all, so that it begins anew each time. The safe answer has the focus. */
export function Dialog({ title, text, confirm, danger = false, isPending, isLocked = false, onConfirm, onClose, children }: DialogProps) {
  const { t } = useTranslation('shell');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Modal opened onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {text !== undefined && <Text size="sm">{text}</Text>}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} {...(danger && { 'data-autofocus': true })}>
              {t('cancel')}
            </Button>
            <Button type="submit" color={danger ? 'red' : 'blue'} loading={isPending} disabled={isLocked} {...(!danger && { 'data-autofocus': true })}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
