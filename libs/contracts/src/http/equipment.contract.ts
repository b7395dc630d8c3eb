import { lateApprovals, methods, noBankIdentity } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, line, numDevice, queryInteger, timestamp } from '../fields';
import { bankIdentitySchema, setBankIdentity } from './bank-identity.contract';
import { checkSettings, fiscalSchema, setFiscalBody } from './fiscal.contract';
import { profileValues } from './profile-values';
import { shownTransportSchema, transportSchema } from './transport.contract';

const name = line(limits.nameLength);
const stamps = { createdAt: timestamp, updatedAt: timestamp };

/** What automatic acquiring can do with a check's electronic part. */
export const acquiringOptions = ['none', ...methods] as const;

/** A register's automatic acquiring. */
export const automaticAcquiringSchema = z.object({ option: z.enum(acquiringOptions), terminalId: equipmentId.nullable() });
/** One of {@link automaticAcquiringSchema}. */
export type AutomaticAcquiring = z.output<typeof automaticAcquiringSchema>;

/** Body of `PUT /v1/registers/{id}/automatic-acquiring`. */
export const automaticAcquiringBody = z
  .strictObject({ option: z.enum(acquiringOptions), terminalId: equipmentId.nullable() })
  .refine((setting) => setting.option === 'none' || setting.terminalId !== null, { path: ['terminalId'], message: 'may be null only with option "none"' });

const lateApproval = z
  .enum(lateApprovals)
  .describe(
    'What becomes of an approval that comes after the end of its attempt, or too late for a cancel: kept, or voided. In force for payments opened later.',
  );
/** A site as it is shown. */
export const siteSchema = z.object({ id: equipmentId, name: z.string(), lateApproval, revision: z.int(), ...stamps });
/** Body of `POST /v1/sites`. */
export const createSiteBody = z.strictObject({ id: equipmentId, name, lateApproval: lateApproval.default('keep') });
/** Body of `PATCH /v1/sites/{id}`. */
export const changeSiteBody = z.strictObject({ name: name.optional(), lateApproval: lateApproval.optional() });

/** A register as it is shown. */
export const registerSchema = z.object({
  id: equipmentId,
  siteId: equipmentId,
  name: z.string(),
  numDevice,
  automaticAcquiring: automaticAcquiringSchema,
  fiscal: fiscalSchema,
  ...checkSettings,
  ...stamps,
});
/** Body of `POST /v1/registers`. */
export const createRegisterBody = z.strictObject({
  id: equipmentId,
  siteId: equipmentId,
  name,
  numDevice: numDevice.optional().describe('Left out: the next number that neither a register nor a terminal of the site has.'),
  automaticAcquiring: automaticAcquiringBody.default({ option: 'none', terminalId: null }),
  fiscal: setFiscalBody.default({ mode: 'none' }),
  unitName: checkSettings.unitName.default(null),
  enabled: checkSettings.enabled.default(true),
  onReceiptFailure: checkSettings.onReceiptFailure.default('keep'),
  settleOnCloseShift: checkSettings.settleOnCloseShift.default(false),
});
/** Body of `PATCH /v1/registers/{id}`. */
export const changeRegisterBody = z.strictObject({ name, numDevice, ...checkSettings }).partial();

const terminalSettings = {
  name,
  driver: line(64).describe('A driver of KKM, for example `inpas-sa`.'),
  transport: transportSchema,
  profileId: equipmentId.nullable(),
  profile: profileValues.describe('Overrides values of the named profile.'),
  readAttemptsMax: z.int().min(1).max(limits.readAttempts.max),
  enabled: z.boolean(),
  numDevice,
  bank: setBankIdentity.describe('What the bank knows the terminal by; a change replaces it as a whole.'),
};
/** A terminal as it is shown. */
export const terminalSchema = z.object({
  id: equipmentId,
  siteId: equipmentId,
  ...terminalSettings,
  name: z.string(),
  transport: shownTransportSchema,
  bank: bankIdentitySchema,
  revision: z.int(),
  ...stamps,
});
/** Body of `POST /v1/terminals`. */
export const createTerminalBody = z.strictObject({
  id: equipmentId,
  siteId: equipmentId,
  ...terminalSettings,
  profileId: terminalSettings.profileId.default(null),
  profile: terminalSettings.profile.default({}),
  readAttemptsMax: terminalSettings.readAttemptsMax.default(limits.readAttempts.usual),
  enabled: terminalSettings.enabled.default(true),
  bank: terminalSettings.bank.default(noBankIdentity),
  numDevice: numDevice.optional().describe('Left out: the next number that neither a register nor a terminal of the site has.'),
});
/** Body of `PATCH /v1/terminals/{id}`. */
export const changeTerminalBody = z.strictObject(terminalSettings).partial();

/** A terminal profile as it is shown. */
export const terminalProfileSchema = z.object({
  id: equipmentId,
  siteId: equipmentId.nullable().describe('Null: for every site.'),
  name: z.string(),
  driver: z.string(),
  values: profileValues,
  ...stamps,
});
/** Body of `POST /v1/terminal-profiles`. */
export const createTerminalProfileBody = z.strictObject({
  id: equipmentId,
  siteId: equipmentId.nullable().default(null),
  name,
  driver: line(64),
  values: profileValues,
});
/** Body of `PATCH /v1/terminal-profiles/{id}`. */
export const changeTerminalProfileBody = z.strictObject({ name: name.optional(), values: profileValues.optional() });

const paging = { limit: queryInteger(limits.equipment), cursor: cursor.optional() };
/** Query of the lists of equipment. */
export const listEquipmentQuery = z.strictObject({ siteId: equipmentId.optional(), ...paging });
/** Query of `GET /v1/sites`. */
export const listSitesQuery = z.strictObject(paging);
/** Query of a single register, terminal or profile: names its site where the id alone is not unique. */
export const oneOfSiteQuery = z.strictObject({ siteId: equipmentId.optional().describe('Needed only when two sites of the key use the same id.') });

const next = z.string().nullable();
/** A page of sites. */
export const sitePage = z.object({ sites: z.array(siteSchema), next });
/** A page of registers. */
export const registerPage = z.object({ registers: z.array(registerSchema), next });
/** A page of terminals. */
export const terminalPage = z.object({ terminals: z.array(terminalSchema), next });
/** A page of terminal profiles. */
export const terminalProfilePage = z.object({ terminalProfiles: z.array(terminalProfileSchema), next });
