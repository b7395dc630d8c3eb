import { randomBytes } from 'node:crypto';
import { newId } from '@kkm/core';
import type { CommandDesk } from '@kkm/flow/kkmserver';
import type { Logger, Metrics } from '@kkm/observability';
import type { SiteStore } from '../equipment/stores';
import type { GatewayConfig } from '../gateway.config';
import type { CallbackBook } from './callback/callback-book';
import { CallbackMode } from './callback/callback-mode';
import { pollOverHttp } from './callback/remote-server';
import { openKkmServerDoor } from './kkmserver.module';
import type { KkmServerOptions, OpenKkmServerDoor } from './kkmserver.module';

/** What the door needs of the gateway. */
export interface KkmServerGround {
  readonly desk: CommandDesk;
  readonly sites: Pick<SiteStore, 'list'>;
  readonly callbackBook: CallbackBook;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Opens the ports that the configuration names, and polls the remote server that it names. Close what is returned to end both. */
export async function openKkmServer(config: GatewayConfig, ground: KkmServerGround): Promise<OpenKkmServerDoor> {
  const only = (): Promise<string | null> => onlySite(ground.sites);
  const options = kkmServerOptions(config, ground);
  const door = options && (await openKkmServerDoor({ desk: ground.desk, onlySite: only }, options));
  const callback = callbackMode(config, { ...ground, only });
  callback?.start(config.KKM_KKMSERVER_CALLBACK_SECONDS * 1_000);
  return {
    urls: door?.urls ?? [],
    close: async () => {
      await Promise.all([door?.close(), callback?.stop()]);
    },
  };
}

/** The one site of an installation that has one; null where there is none, or where it would have to be guessed. */
export async function onlySite(sites: Pick<SiteStore, 'list'>): Promise<string | null> {
  const { sites: found } = await sites.list({ limit: 2 }, { siteId: null });
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

function kkmServerOptions(config: GatewayConfig, { log, metrics }: Pick<KkmServerGround, 'log' | 'metrics'>): KkmServerOptions | null {
  const { KKM_KKMSERVER_PORTS: ports, KKM_KKMSERVER_TLS_KEY: key, KKM_KKMSERVER_TLS_CERTIFICATE: cert } = config;
  if (ports === undefined || ports.length === 0) return null;
  return {
    ports,
    host: config.KKM_KKMSERVER_HOST ?? config.KKM_HTTP_HOST,
    rules: {
      accounts: [
        { account: 'admin', login: config.KKM_KKMSERVER_ADMIN_LOGIN, password: config.KKM_KKMSERVER_ADMIN_PASSWORD ?? null },
        { account: 'user', login: config.KKM_KKMSERVER_USER_LOGIN, password: config.KKM_KKMSERVER_USER_PASSWORD ?? null },
      ],
      loopback: config.KKM_KKMSERVER_LOOPBACK,
      origins: config.KKM_KKMSERVER_ORIGINS,
    },
    tls: key === undefined || cert === undefined ? null : { key, cert },
    rate: { perSecond: config.KKM_RATE_PER_SECOND, burst: config.KKM_RATE_BURST },
    log,
    metrics,
  };
}

function callbackMode(config: GatewayConfig, around: KkmServerGround & { readonly only: () => Promise<string | null> }): CallbackMode | null {
  const { KKM_KKMSERVER_CALLBACK_URL: url, KKM_KKMSERVER_CALLBACK_TOKEN: token, KKM_KKMSERVER_CALLBACK_LOGIN: login } = config;
  if (url === undefined || token === undefined) return null;
  const credentials = login === undefined ? null : { login, password: config.KKM_KKMSERVER_CALLBACK_PASSWORD ?? '' };
  const named = config.KKM_KKMSERVER_CALLBACK_SITE;
  return new CallbackMode({
    desk: around.desk,
    book: around.callbackBook,
    poll: pollOverHttp({ url, token, credentials }),
    site: named === undefined ? around.only : () => Promise.resolve(named),
    newId: () => newId('cmd', Date.now(), (bytes) => randomBytes(bytes)),
    log: around.log,
  });
}
