import type { ParseKeys } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import type { ChangedMember } from './changed-members';

/** What a form calls a member, and what it calls the choices there. */
interface Field {
  readonly label: ParseKeys<'equipment'>;
  /** Where the words of its choices are. */
  readonly choices?: string;
}

const name: Field = { label: 'name' };
const numDevice: Field = { label: 'numDevice' };

/** The fields of the forms, by kind of entry and path of the member. */
const fields: Readonly<Record<ReadBody<'SettingChange'>['kind'], Readonly<Record<string, Field>>>> = {
  site: { name, lateApproval: { label: 'sites.lateApproval', choices: 'sites.lateApprovals' } },
  register: {
    name,
    numDevice,
    unitName: { label: 'registers.unitName' },
    enabled: { label: 'registers.enabled' },
    onReceiptFailure: { label: 'registers.onReceiptFailure', choices: 'registers.onReceiptFailures' },
    settleOnCloseShift: { label: 'registers.settleOnCloseShift' },
    'automaticAcquiring.option': { label: 'acquiring.option', choices: 'acquiring.options' },
    'automaticAcquiring.terminalId': { label: 'acquiring.terminal' },
    'fiscal.mode': { label: 'fiscal.mode', choices: 'fiscal.modes' },
    'fiscal.url': { label: 'fiscal.url' },
    'fiscal.login': { label: 'fiscal.login' },
    'fiscal.numDevice': { label: 'fiscal.numDevice' },
    'fiscal.passwordSet': { label: 'fiscal.password' },
  },
  terminal: {
    name,
    numDevice,
    enabled: { label: 'terminals.enabled' },
    profileId: { label: 'terminals.profile' },
    profile: { label: 'terminals.overrides' },
    readAttemptsMax: { label: 'terminals.readAttemptsMax' },
    'transport.kind': { label: 'transport.title', choices: 'transport' },
    'transport.mode': { label: 'transport.mode', choices: 'transport.modes' },
    'transport.host': { label: 'transport.host' },
    'transport.port': { label: 'transport.port' },
    'transport.path': { label: 'transport.path' },
    'transport.baudRate': { label: 'transport.baudRate' },
    'transport.parity': { label: 'transport.parity', choices: 'transport.parities' },
    'bank.terminalId': { label: 'bank.terminalId' },
    'bank.merchantId': { label: 'bank.merchantId' },
    'bank.legalEntity': { label: 'bank.entity' },
    'bank.legalEntity.name': { label: 'bank.entity' },
    'bank.legalEntity.inn': { label: 'bank.inn' },
    'bank.settlementAccount': { label: 'bank.account' },
    'bank.settlementAccount.number': { label: 'bank.account' },
    'bank.settlementAccount.bik': { label: 'bank.bik' },
  },
  sbp_account: {
    bank: { label: 'sbp.bank', choices: 'sbp.banks' },
    baseUrl: { label: 'sbp.baseUrl' },
    merchantId: { label: 'sbp.merchantId' },
    secretSet: { label: 'sbp.secret' },
  },
  terminal_profile: { name, values: { label: 'profiles.values' } },
};

/** Puts changed members into the words of their form; one that no form has keeps its own name. */
export function useMemberWords(kind: ReadBody<'SettingChange'>['kind']): (member: ChangedMember) => ChangedMember {
  const { t, i18n } = useTranslation(['equipment', 'shell']);
  const valueOf = (value: string, choices: string | undefined): string => {
    if (value === 'true') return t('shell:yes');
    if (value === 'false') return t('shell:no');
    const key = `${choices ?? ''}.${value}`;
    return choices !== undefined && i18n.exists(key, { ns: 'equipment' }) ? t(key as ParseKeys<'equipment'>) : value;
  };
  return ({ name: path, before, after }) => {
    const known = fieldOf(kind, path);
    if (known === null) return { name: path, before: valueOf(before, undefined), after: valueOf(after, undefined) };
    const { choices } = known.field;
    const label = t(known.field.label);
    return { name: known.rest === '' ? label : `${label}: ${known.rest}`, before: valueOf(before, choices), after: valueOf(after, choices) };
  };
}

/** The field that holds a member, itself or within its JSON: `profile.sbp.by` is `sbp.by` of the overrides. */
export function fieldOf(kind: ReadBody<'SettingChange'>['kind'], path: string): { readonly field: Field; readonly rest: string } | null {
  const exact = fields[kind][path];
  if (exact !== undefined) return { field: exact, rest: '' };
  const [head = '', ...rest] = path.split('.');
  const outer = fields[kind][head];
  return outer === undefined ? null : { field: outer, rest: rest.join('.') };
}
