import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What a question needs. */
export interface ConfirmProps {
  readonly opened: boolean;
  readonly title: string;
  readonly text: string;
  /** The words of the button that does it. */
  readonly confirm: string;
  /** The words of the button that does not; left out: "Cancel". */
  readonly cancel?: string;
  readonly danger?: boolean;
  readonly loading?: boolean;
  readonly children?: ReactNode;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that cannot simply be done again. The safe answer has the focus. */
export function Confirm({ opened, title, text, confirm, cancel, danger = false, loading = false, children, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation('shell');
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm" className="kkm-wrap">
          {text}
        </Text>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {cancel ?? t('cancel')}
          </Button>
          <Button color={danger ? 'red' : 'blue'} loading={loading} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
