import { Alert, Button, CopyButton, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A secret that was just made. */
export interface SecretOnceProps {
  readonly title: string;
  readonly label: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** Shows a secret, once, to be copied. It closes by its button alone: a click beside it would lose the secret. */
export function SecretOnce({ title, label, secret, onClose }: SecretOnceProps) {
  const { t } = useTranslation('shell');
  return (
    <Modal opened onClose={onClose} title={title} centered closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack>
        <Alert color="orange">{t('secretOnce')}</Alert>
        <TextInput
          label={label}
          value={secret}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <Group justify="flex-end">
          <CopyButton value={secret} timeout={3_000}>
            {({ copied, copy }) => (
              <Button variant="default" leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />} onClick={copy}>
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t('secretKept')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
