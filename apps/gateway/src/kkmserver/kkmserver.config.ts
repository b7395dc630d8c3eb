import { wholeNumber } from '@kkm/config';
import { equipmentIdPattern } from '@kkm/core';
import { z } from 'zod';

/** A port of the KkmServer door. */
export interface DoorPort {
  readonly port: number;
  /** Null: the only site there is. */
  readonly siteId: string | null;
  readonly https: boolean;
}

/** How many ports the door may have: as many as the API's own clients offer to choose from. */
const portsMax = 4;

/** Text of a login or password; a colon would end a login early. */
const login = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}:]*$/u, 'must not hold colons or control characters');
const password = z.string().min(1).max(200);

const ports = z.string().transform((text, context): readonly DoorPort[] => {
  const read = text.split(',').map((entry) => portOf(entry.trim()));
  const good = read.filter((entry) => entry !== null);
  const chosen = good.filter(({ port }) => port !== 0);
  if (good.length < read.length) context.addIssue('must be a list of <port>, <port>=<site>, each with :https where it is meant');
  if (good.length > portsMax) context.addIssue(`must name at most ${portsMax} ports`);
  if (new Set(chosen.map(({ port }) => port)).size < chosen.length) context.addIssue('must not name a port twice');
  return good;
});

const origins = z.string().transform((text, context): readonly string[] => {
  const listed = text.split(',').map((entry) => entry.trim());
  if (!listed.every(isOrigin)) context.addIssue('must be a list of origins such as https://desk.example');
  return listed;
});

/** Commands from elsewhere must not be read or changed on their way; what stays within the machine cannot be. */
const callbackUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .refine((url) => URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopbackHost(new URL(url).hostname)), 'must be https, but for this machine');

/** The variables of the KkmServer door; part of the gateway's. The door is closed until KKM_KKMSERVER_PORTS is set. */
export const kkmServerVariables = {
  /** `5893` (of the only site), `5893=club-1,5894=club-1:https`; up to four. */
  KKM_KKMSERVER_PORTS: ports.optional(),
  /** KKM_HTTP_HOST when unset. */
  KKM_KKMSERVER_HOST: z.string().min(1).optional(),
  KKM_KKMSERVER_ADMIN_LOGIN: login.default('Admin'),
  /** Unset: the account has an empty password, which KKM_KKMSERVER_LOOPBACK has to allow. */
  KKM_KKMSERVER_ADMIN_PASSWORD: password.optional(),
  KKM_KKMSERVER_USER_LOGIN: login.default('User'),
  KKM_KKMSERVER_USER_PASSWORD: password.optional(),
  /** What programs on the gateway's own machine may do without: nothing, a password, or login and password. */
  KKM_KKMSERVER_LOOPBACK: z.enum(['password', 'empty_password', 'anyone']).default('password'),
  /** Origins whose pages are believed without a password, and may give money back (design-money, clause 27). */
  KKM_KKMSERVER_ORIGINS: origins.default([]),
  /** PEM of the key and of the certificate with its chain, for ports with https. */
  KKM_KKMSERVER_TLS_KEY: z.string().includes('PRIVATE KEY', { message: 'must be a private key in PEM' }).optional(),
  KKM_KKMSERVER_TLS_CERTIFICATE: z.string().includes('BEGIN CERTIFICATE', { message: 'must be a certificate in PEM' }).optional(),
  /** A remote server that is asked for commands. */
  KKM_KKMSERVER_CALLBACK_URL: callbackUrl.optional(),
  /** The site whose commands it sends; the only one when unset. */
  KKM_KKMSERVER_CALLBACK_SITE: z.string().regex(equipmentIdPattern, 'must be the id of a site').optional(),
  /** This client's name at the remote server. */
  KKM_KKMSERVER_CALLBACK_TOKEN: z.string().min(1).max(200).optional(),
  KKM_KKMSERVER_CALLBACK_LOGIN: login.optional(),
  KKM_KKMSERVER_CALLBACK_PASSWORD: password.optional(),
  KKM_KKMSERVER_CALLBACK_SECONDS: wholeNumber(1, 3_600).default(30),
} as const;

/** What {@link kkmServerVariables} were read as. */
export type KkmServerConfig = z.output<z.ZodObject<typeof kkmServerVariables>>;

/** Faults of the variables together; null when they fit. */
export function faultOfKkmServer(config: KkmServerConfig): string | null {
  const open = config.KKM_KKMSERVER_PORTS ?? [];
  if (open.some(({ https }) => https) && !(config.KKM_KKMSERVER_TLS_KEY && config.KKM_KKMSERVER_TLS_CERTIFICATE))
    return 'ports with https need KKM_KKMSERVER_TLS_KEY and KKM_KKMSERVER_TLS_CERTIFICATE';
  const passwords = config.KKM_KKMSERVER_ADMIN_PASSWORD ?? config.KKM_KKMSERVER_USER_PASSWORD;
  if (open.length > 0 && passwords === undefined && config.KKM_KKMSERVER_LOOPBACK === 'password')
    return 'nobody could log in at KKM_KKMSERVER_PORTS: set KKM_KKMSERVER_ADMIN_PASSWORD or KKM_KKMSERVER_USER_PASSWORD';
  if (config.KKM_KKMSERVER_ADMIN_LOGIN.toLowerCase() === config.KKM_KKMSERVER_USER_LOGIN.toLowerCase())
    return 'KKM_KKMSERVER_ADMIN_LOGIN and KKM_KKMSERVER_USER_LOGIN must differ';
  if (config.KKM_KKMSERVER_CALLBACK_URL && config.KKM_KKMSERVER_CALLBACK_TOKEN === undefined)
    return 'KKM_KKMSERVER_CALLBACK_URL needs KKM_KKMSERVER_CALLBACK_TOKEN';
  return null;
}

function portOf(entry: string): DoorPort | null {
  const [, port = '', siteId, https] = /^(\d{1,5})(?:=([^:]+))?(:https)?$/.exec(entry) ?? [];
  if (port === '' || Number(port) > 65_535 || (siteId !== undefined && !equipmentIdPattern.test(siteId))) return null;
  return { port: Number(port), siteId: siteId ?? null, https: https !== undefined };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
