import { loadConfig } from '@kkm/config';
import { equipmentIdPattern } from '@kkm/core';
import { z } from 'zod';

const siteId = z.string().regex(equipmentIdPattern, 'must be an id of a site');
const password = z.string().min(32, 'must have at least 32 characters');
const origin = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

const administration = {
  KKM_AMQP_MANAGEMENT_URL: origin,
  KKM_AMQP_ADMIN: z.string().default('admin'),
  KKM_AMQP_ADMIN_PASSWORD: password,
};
const vhost = z.string().min(1).default('kkm');

const serviceSchema = z.object({ ...administration, KKM_AMQP_VHOST: vhost, KKM_AMQP_KKM_PASSWORD: password });
const siteSchema = z.object({ ...administration, KKM_AMQP_VHOST: vhost, KKM_AMQP_SITE_PASSWORD: password, KKM_SITE_ID: siteId });
const siteRemovalSchema = z.object({ ...administration, KKM_SITE_ID: siteId });
const brokerSchema = z.object({ ...serviceSchema.shape, ...siteSchema.shape });

const terminal = z.string().regex(/^[^@]+@[^@:]+:\d{1,5}$/, 'must be id@host:port, separated by commas');

const equipmentSchema = z.object({
  KKM_API_URL: origin,
  KKM_API_KEY: z.string().min(32, 'must have at least 32 characters'),
  KKM_SITE_ID: siteId,
  KKM_REGISTER_ID: z.string().regex(equipmentIdPattern, 'must be an id of a register').default('desk-1'),
  KKM_TERMINALS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(terminal).min(1)),
});

const sbpSchema = z.object({
  KKM_API_URL: origin,
  KKM_API_KEY: z.string().min(32, 'must have at least 32 characters'),
  KKM_SITE_ID: siteId,
  KKM_VIRTUAL_TERMINAL_URL: origin,
  KKM_SBP_SECRET: z.string().min(32, 'must have at least 32 characters'),
});

/** Where the broker is administered, and by whom. */
export type AdministrationSetup = Pick<SiteRemoval, keyof typeof administration>;

/** What the broker user of KKM's own services is made from. */
export type ServiceSetup = Readonly<z.output<typeof serviceSchema>>;

/** What the broker user of one site is made from. */
export type SiteSetup = Readonly<z.output<typeof siteSchema>>;

/** Which site's broker user is to go. */
export type SiteRemoval = Readonly<z.output<typeof siteRemovalSchema>>;

/** What the broker's users of one café are made from. Passwords come as files (`KKM_AMQP_KKM_PASSWORD_FILE` …). */
export type BrokerSetup = Readonly<z.output<typeof brokerSchema>>;

/** What the first equipment is made from. `KKM_TERMINALS` reads `pax-1@192.168.1.20:5201,…`. */
export type EquipmentSetup = Readonly<z.output<typeof equipmentSchema>>;

/** What the account at the virtual bank is made from. The secret comes as a file (`KKM_SBP_SECRET_FILE`). */
export type SbpSetup = Readonly<z.output<typeof sbpSchema>>;

/** Reads the environment of `setup sbp`. */
export function readSbpSetup(env: NodeJS.ProcessEnv = process.env): SbpSetup {
  return loadConfig(sbpSchema, env);
}

/** Reads the environment of `setup broker`. */
export function readBrokerSetup(env: NodeJS.ProcessEnv = process.env): BrokerSetup {
  return loadConfig(brokerSchema, env);
}

/** Reads the environment of `setup services`. */
export function readServiceSetup(env: NodeJS.ProcessEnv = process.env): ServiceSetup {
  return loadConfig(serviceSchema, env);
}

/** Reads the environment of `setup site`. */
export function readSiteSetup(env: NodeJS.ProcessEnv = process.env): SiteSetup {
  return loadConfig(siteSchema, env);
}

/** Reads the environment of `setup remove-site`. */
export function readSiteRemoval(env: NodeJS.ProcessEnv = process.env): SiteRemoval {
  return loadConfig(siteRemovalSchema, env);
}

/** Reads the environment of `setup equipment`. */
export function readEquipmentSetup(env: NodeJS.ProcessEnv = process.env): EquipmentSetup {
  return loadConfig(equipmentSchema, env);
}
