import { ActionIcon, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconLock, IconLogout, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/api';
import { sessionKey, useSession } from '../session/session';

/** Who is signed in, and the way out. */
export function PersonMenu() {
  const { t } = useTranslation('shell');
  const queries = useQueryClient();
  const { session } = useSession();
  const signOut = useMutation({
    mutationFn: () => api.delete('/v1/session'),
    // Whatever came back, nothing of this person stays on the screen; the next reading tells whether the session still stands.
    onSettled: async () => {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      await queries.resetQueries({ queryKey: sessionKey });
    },
  });
  const who = t('signedInAs', { name: session.name, role: t(`roles.${session.role}`) });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={who}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{who}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconLock size={16} aria-hidden />}>
          {t('account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()} disabled={signOut.isPending}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
