import { Button } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api';
import type { CallOptions } from '../../api/api';
import { Confirm } from '../../parts/confirm';
import { saved } from '../../parts/leave-guard';
import { ProblemAlert } from '../../parts/problem-alert';
import { useSaving } from '../../parts/use-saving';
import { useSession } from '../../session/session';

/** An entry to be deleted. */
export interface DeleteEntryProps {
  readonly path: string;
  readonly query?: CallOptions['query'];
  readonly name: string;
  readonly touches: readonly QueryKey[];
  /** Where its list is. */
  readonly back: string;
}

/** Deletes an entry after asking. What something still refers to is refused by KKM, in words. */
export function DeleteEntry({ path, query, name, touches, back }: DeleteEntryProps) {
  const { t } = useTranslation(['equipment', 'shell']);
  const { may } = useSession();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useSaving({
    save: () => api.delete(path, query),
    touches,
    onSaved: () => void navigate(back, { state: saved }),
    said: t('deleted', { name }),
  });
  if (!may('equipment:write')) return null;
  return (
    <>
      <Button variant="default" color="red" onClick={() => setAsking(true)}>
        {t('shell:delete')}
      </Button>
      <Confirm
        opened={asking}
        danger
        title={t('askDelete', { name })}
        text={t('askDeleteText')}
        confirm={t('shell:delete')}
        loading={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {remove.error !== null && <ProblemAlert problem={remove.error} />}
      </Confirm>
    </>
  );
}
