import { PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { SiteSelect } from '../parts/site-select';
import { useSaving } from '../parts/use-saving';

type User = ReadBody<'User'>;
type Role = User['role'];

const roles: readonly Role[] = ['cashier', 'manager', 'admin'];

/** The shortest password that KKM takes. */
const passwordLengthMin = 10;

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
  const isShort = user === null && password.length < passwordLengthMin;
  const confirm = (): void => {
    setTried(true);
    if (name.trim() !== '' && !isShort) saving.mutate(undefined);
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
      {user === null && <FirstPassword value={password} onChange={setPassword} isMissing={tried && isShort} />}
      <Switch label={t('enabled')} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}

interface FirstPasswordProps {
  readonly value: string;
  readonly isMissing: boolean;
  readonly onChange: (password: string) => void;
}

function FirstPassword({ value, isMissing, onChange }: FirstPasswordProps) {
  const { t } = useTranslation(['people', 'session']);
  return (
    <PasswordInput
      label={t('firstPassword')}
      description={t('firstPasswordText')}
      autoComplete="new-password"
      maxLength={200}
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isMissing ? t('session:account.short', { count: passwordLengthMin }) : null}
    />
  );
}
