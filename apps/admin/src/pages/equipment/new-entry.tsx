import { Button, Group, Paper, Select, Stack, TextInput } from '@mantine/core';
import { equipmentIdPattern } from '@kkm/core';
import type { QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { freeId } from '../../equipment/free-id';
import { faultsOf } from '../../parts/faults';
import { saved } from '../../parts/leave-guard';
import { PageHeader } from '../../parts/page-header';
import { ProblemAlert } from '../../parts/problem-alert';
import { useSaving } from '../../parts/use-saving';
import { useSession } from '../../session/session';
import { useSite } from '../../sites/sites';

/** What every new entry of the equipment has. */
export interface NewEntry {
  readonly id: string;
  readonly name: string;
  /** Null: for every site, where that is possible. */
  readonly siteId: string | null;
}

/** A page that makes an entry. */
export interface NewEntryPageProps {
  readonly title: string;
  readonly text: string;
  /** What an id begins with: `register`. */
  readonly stem: string;
  readonly taken: readonly string[];
  /** `none`: it is itself a site. `one`: it belongs to one. `any`: it may be for all. */
  readonly ofSite: 'none' | 'one' | 'any';
  readonly create: (entry: NewEntry) => Promise<unknown>;
  readonly touches: readonly QueryKey[];
  readonly hrefOf: (entry: NewEntry) => string;
  readonly back: string;
  readonly children?: ReactNode;
}

/** Asks for name, id and site, makes the entry and leads to its page, where the rest is set. */
export function NewEntryPage({ title, text, stem, taken, ofSite, create, touches, hrefOf, back, children }: NewEntryPageProps) {
  const { t } = useTranslation(['equipment', 'shell']);
  const { session } = useSession();
  const { siteId, sites } = useSite();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<Partial<NewEntry>>({});
  const entry: NewEntry = {
    name: typed.name ?? '',
    id: typed.id ?? freeId(stem, taken),
    siteId: ofSite === 'none' ? null : (typed.siteId ?? siteId ?? (ofSite === 'one' ? (sites[0]?.id ?? null) : null)),
  };
  const saving = useSaving({ save: create, touches, onSaved: () => void navigate(hrefOf(entry), { state: saved }) });
  const faultAt = faultsOf(saving.error);
  const isId = equipmentIdPattern.test(entry.id);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (entry.name.trim() !== '' && isId) saving.mutate(entry);
  };
  return (
    <>
      <PageHeader title={title} text={text} />
      <Paper withBorder p="md" radius="md" maw={560}>
        <form onSubmit={submit} noValidate>
          <Stack>
            {ofSite !== 'none' && session.siteId === null && (
              <SiteSelect any={ofSite === 'any'} value={entry.siteId} onChange={(of) => setTyped({ ...typed, siteId: of })} />
            )}
            <TextInput
              label={t('name')}
              required
              data-autofocus
              value={entry.name}
              onChange={(event) => setTyped({ ...typed, name: event.currentTarget.value })}
              error={faultAt('/name')}
            />
            <TextInput
              label={t('id')}
              description={t('idText')}
              required
              autoComplete="off"
              value={entry.id}
              onChange={(event) => setTyped({ ...typed, id: event.currentTarget.value.trim() })}
              error={isId ? faultAt('/id') : t('idWrong')}
            />
            {children}
            {saving.error !== null && <ProblemAlert problem={saving.error} />}
            <Group>
              <Button type="submit" loading={saving.isPending} disabled={entry.name.trim() === '' || !isId}>
                {t('create')}
              </Button>
              <Button component={Link} to={back} variant="default">
                {t('shell:cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  );
}

interface SiteSelectProps {
  readonly any: boolean;
  readonly value: string | null;
  readonly onChange: (siteId: string | null) => void;
}

function SiteSelect({ any, value, onChange }: SiteSelectProps) {
  const { t } = useTranslation(['equipment', 'shell']);
  const { sites } = useSite();
  return (
    <Select
      label={t('site')}
      required={!any}
      allowDeselect={any}
      clearable={any}
      placeholder={any ? t('shell:allSites') : ''}
      data={sites.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
    />
  );
}
