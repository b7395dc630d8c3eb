import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSite } from '../sites/sites';

/** What the list calls "all sites"; no site can have this id. */
const all = '*';

/** A site, or all of them. */
export interface SiteSelectProps {
  readonly label: string;
  readonly description?: string;
  /** Null: all sites. */
  readonly value: string | null;
  readonly onChange: (siteId: string | null) => void;
}

/** Chooses the site that somebody or something belongs to. */
export function SiteSelect({ value, onChange, ...rest }: SiteSelectProps) {
  const { t } = useTranslation('shell');
  const { sites } = useSite();
  return (
    <Select
      {...rest}
      allowDeselect={false}
      searchable={sites.length > 8}
      data={[{ value: all, label: t('allSites') }, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
      value={value ?? all}
      onChange={(chosen) => onChange(chosen === all ? null : chosen)}
    />
  );
}
