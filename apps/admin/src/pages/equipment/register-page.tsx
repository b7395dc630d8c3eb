import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { registersKey, settingChangesKey, useRegister } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { SettingHistory } from '../../equipment/setting-history';
import { inPath } from '../../api/api';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { DeleteEntry } from './delete-entry';
import { RegisterAcquiring } from './register-acquiring';
import { RegisterFiscal } from './register-fiscal';
import { RegisterGeneral } from './register-general';

/** A register: its automatic acquiring first, because that is what people come for. */
export function RegisterPage() {
  const { siteId = '', id = '' } = useParams();
  const register = useRegister(siteId, id);
  return <Loaded query={register}>{(data) => <RegisterSettings key={`${siteId}/${id}`} register={data} />}</Loaded>;
}

function RegisterSettings({ register }: { readonly register: Register }) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <PageHeader
        title={register.name}
        text={t('registers.about', { id: register.id, number: register.numDevice })}
        actions={
          <DeleteEntry
            path={inPath`/v1/registers/${register.id}`}
            query={{ siteId: register.siteId }}
            name={register.name}
            touches={[registersKey, settingChangesKey]}
            back="/equipment/registers"
          />
        }
      />
      <Stack maw={760}>
        <RegisterAcquiring register={register} />
        <RegisterGeneral register={register} />
        <RegisterFiscal register={register} />
        <SettingHistory kind="register" siteId={register.siteId} id={register.id} />
      </Stack>
    </>
  );
}
