import { amqpUrl, loadConfig, port, postgresUrl, serviceVariables, wholeNumber } from '@kkm/config';
import type { Environment } from '@kkm/config';
import { limits } from '@kkm/contracts';
import { z } from 'zod';
import { faultOfKkmServer, kkmServerVariables } from './kkmserver/kkmserver.config';

const schema = z
  .object({
    ...serviceVariables,
    ...kkmServerVariables,
    KKM_HTTP_PORT: port.default(8080),
    KKM_AMQP_URL: amqpUrl,
    KKM_DATABASE_URL: postgresUrl,
    /** First key, with every scope, while there is none. */
    KKM_BOOTSTRAP_API_KEY: z
      .string()
      .min(32, 'must have at least 32 characters')
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII')
      .optional(),
    /** First user, an admin of all sites, while there is none; has no default password. */
    KKM_BOOTSTRAP_ADMIN_USER: z.string().trim().min(1).max(limits.userNameLength).default('admin'),
    KKM_BOOTSTRAP_ADMIN_PASSWORD: z
      .string()
      .min(limits.passwordLength.min, `must have at least ${limits.passwordLength.min} characters`)
      .max(limits.passwordLength.max)
      .optional(),
    KKM_RATE_PER_SECOND: wholeNumber(1, 1_000_000).default(100),
    KKM_RATE_BURST: wholeNumber(1, 1_000_000).default(300),
    /** Origin under which callers see the gateway, for the `type` of problems. Unset: the Host that the request names. */
    KKM_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
    /** PEM of the key and of the certificate with its chain: with them the gateway speaks https. Unset: http, for a proxy before it or for this machine alone. */
    KKM_HTTP_TLS_KEY: z.string().includes('PRIVATE KEY', { message: 'must be a private key in PEM' }).optional(),
    KKM_HTTP_TLS_CERTIFICATE: z.string().includes('BEGIN CERTIFICATE', { message: 'must be a certificate in PEM' }).optional(),
    /** Folder of the built admin page; unset: the one beside the gateway's own build. */
    KKM_ADMIN_PATH: z.string().min(1).optional(),
    /** Addresses and networks of proxies before the gateway, separated by commas: their X-Forwarded-For, -Host and -Proto are believed. Unset: nobody's. */
    KKM_TRUSTED_PROXIES: z
      .string()
      .regex(/^[0-9A-Fa-f.:/]+(?:,[0-9A-Fa-f.:/]+)*$/, 'must be addresses or networks, separated by commas')
      .optional(),
    /** Whether the bank of a site may be at a private address, unencrypted: only where the bank is the virtual terminal's. */
    KKM_PRIVATE_BANKS: z.enum(['refused', 'allowed']).default('refused'),
    /** What the key of fiscal registers' passwords is made from: 32 random bytes, base64url, best given as KKM_SEALING_KEY_FILE. Without it no password can be stored. Not the ledger's. */
    KKM_SEALING_KEY: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
      .optional(),
    /** Broker user of KKM's own services; the user of KKM_AMQP_URL when unset. */
    KKM_SERVICE_USER: z.string().min(1).max(128).optional(),
    /** For the crash matrix alone: the file that says where this process kills itself (libs/crash-points). Never set where guests pay. */
    KKM_CRASH_PATH: z.string().min(1).optional(),
  })
  .superRefine((config, context) => {
    const fault = faultOfKkmServer(config);
    if (fault !== null) context.addIssue(fault);
    if ((config.KKM_HTTP_TLS_KEY === undefined) !== (config.KKM_HTTP_TLS_CERTIFICATE === undefined))
      context.addIssue('KKM_HTTP_TLS_KEY and KKM_HTTP_TLS_CERTIFICATE belong together');
  });

/** The gateway's configuration, checked and frozen. */
export type GatewayConfig = Readonly<z.output<typeof schema> & { readonly KKM_SERVICE_USER: string }>;

/** What the gateway speaks https with; null: http. */
export function tlsOf({ KKM_HTTP_TLS_KEY: key, KKM_HTTP_TLS_CERTIFICATE: cert }: GatewayConfig): { readonly key: string; readonly cert: string } | null {
  return key === undefined || cert === undefined ? null : { key, cert };
}

/** Reads the environment. @throws InvalidConfig with all faults. */
export function gatewayConfig(env: Environment = process.env): GatewayConfig {
  const config = loadConfig(schema, env);
  return Object.freeze({ ...config, KKM_SERVICE_USER: config.KKM_SERVICE_USER ?? userOf(config.KKM_AMQP_URL) });
}

/** RabbitMQ takes `guest` where a URL names no user. */
function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'guest';
}
