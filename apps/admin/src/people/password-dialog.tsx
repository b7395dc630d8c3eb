import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';
import { isShort, NewPassword } from './new-password';

/** Gives a person a new password, for one who forgot his. */
export function PasswordDialog({ user, onClose }: { readonly user: ReadBody<'User'>; readonly onClose: () => void }) {
  const { t } = useTranslation(['people', 'session']);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const saving = useSaving({
    save: () => api.put<null>(inPath`/v1/users/${user.id}/password`, { password }),
    touches: [['users']],
    said: t('passwordSet'),
    onSaved: onClose,
  });
  const confirm = (): void => {
    setTried(true);
    if (!isShort(password)) saving.mutate(undefined);
  };
  return (
    <Dialog
      title={t('passwordOf', { name: user.name })}
      text={t('passwordText')}
      confirm={t('setPassword')}
      isPending={saving.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <NewPassword label={t('session:account.password')} value={password} onChange={setPassword} tried={tried} />
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}
