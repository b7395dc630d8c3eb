import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Confirm } from '../parts/confirm';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';

/** Asks before a person is deleted. */
export function DeletePerson({ user, onClose }: { readonly user: ReadBody<'User'>; readonly onClose: () => void }) {
  const { t } = useTranslation(['people', 'shell']);
  const deleting = useSaving({ save: () => api.delete(inPath`/v1/users/${user.id}`), touches: [['users']], said: t('deleted'), onSaved: onClose });
  return (
    <Confirm
      opened
      title={t('deleteOf', { name: user.name })}
      text={t('deleteText')}
      confirm={t('shell:delete')}
      danger
      loading={deleting.isPending}
      onConfirm={() => deleting.mutate(undefined)}
      onClose={onClose}
    >
      {deleting.isError && <ProblemAlert problem={deleting.error} />}
    </Confirm>
  );
}
