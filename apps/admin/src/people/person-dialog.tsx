import { Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { SiteSelect } from '../parts/site-select';
import { useSaving } from '../parts/use-saving';
import { isShort, NewPassword } from './new-password';

type User = ReadBody<'User'>;
type Role = User['role'];

const roles: readonly Role[] = ['cashier', 'manager', 'admin'];

/** Makes a person with a first password, or changes one. */
export function PersonDialog({ user, onClose }: { readonly user: User | null; readonly onClose: () => void }) {
  const { t } = useTranslation(['people', 'shell', 'session']);
  const [name, setName] = useState(user?.name ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'cashier');
  const [siteId, setSiteId] = useState(user?.siteId ?? null);
  const [enabled, setEnabled] = useState(user?.enabled ?? true);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const saving = useSaving({
    save: () => {
      const members = { name: name.trim(), role, siteId, enabled };
      return user === null ? api.post<'User'>('/v1/users', { body: { ...members, password } }) : api.patch<'User'>(inPath`/v1/users/${user.id}`, members);
    },
    touches: [['users']],
    onSaved: onClose,
  });
  const confirm = (): void => {
    setTried(true);
    if (name.trim() !== '' && (user !== null || !isShort(password))) saving.mutate(undefined);
  };
  return (
    <Dialog
      title={user === null ? t('add') : t('changeOf', { name: user.name })}
      text={user === null ? t('addText') : t('changeText')}
      confirm={user === null ? t('add') : t('shell:change')}
      isPending={saving.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        autoComplete="off"
        maxLength={64}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={tried && name.trim() === '' ? t('session:nameNeeded') : null}
      />
      <Select
        label={t('role')}
        description={t(`roleTexts.${role}`)}
        allowDeselect={false}
        data={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
        value={role}
        onChange={(value) => setRole(roles.find((one) => one === value) ?? role)}
      />
      <SiteSelect label={t('site')} value={siteId} onChange={setSiteId} />
      {user === null && <NewPassword label={t('firstPassword')} description={t('firstPasswordText')} value={password} onChange={setPassword} tried={tried} />}
      <Switch label={t('enabled')} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}
