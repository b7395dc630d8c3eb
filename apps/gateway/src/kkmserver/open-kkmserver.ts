import type { CommandDesk } from '@kkm/flow/kkmserver';
import type { Logger, Metrics } from '@kkm/observability';
import type { SiteStore } from '../equipment/stores';
import type { GatewayConfig } from '../gateway.config';
import { openKkmServerDoor } from './kkmserver.module';
import type { KkmServerOptions, OpenKkmServerDoor } from './kkmserver.module';

/** What the door needs of the gateway. */
export interface KkmServerGround {
  readonly desk: CommandDesk;
  readonly sites: Pick<SiteStore, 'list'>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Opens the KkmServer door as the configuration says; null where it names no port. */
export async function openKkmServer(config: GatewayConfig, ground: KkmServerGround): Promise<OpenKkmServerDoor | null> {
  const options = kkmServerOptions(config, ground);
  return options && openKkmServerDoor({ desk: ground.desk, onlySite: () => onlySite(ground.sites) }, options);
}

/** The one site of an installation that has one; null where there is none, or where it would have to be guessed. */
export async function onlySite(sites: Pick<SiteStore, 'list'>): Promise<string | null> {
  const { sites: found } = await sites.list({ limit: 2 }, { keyId: 'kkmserver', siteId: null });
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
