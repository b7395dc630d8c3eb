import type { Infra } from '../infra/server-plans';
import type { Identity } from '../state/identity';

/**
 * What scripts and tests read from `endpoints.json` (design, chapter 10). URLs end without a slash; all but the admin page's are origins.
 */
export interface Endpoints {
  readonly api: string;
  /** The KkmServer door of the first site; commands are posted to `/Execute`. */
  readonly kkmserver: string;
  readonly kkmserverUser: string;
  readonly kkmserverPassword: string;
  readonly virtualTerminal: string;
  readonly admin: string;
  /** The first admin. His password works until he sets another. */
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly amqp: string;
  readonly amqpManagement: string;
  readonly postgres: string;
  /** Has every scope. */
  readonly apiKey: string;
  readonly siteId: string;
  readonly registerId: string;
  readonly terminalId: string;
}

/** The equipment every fresh system begins with. */
export const firstEquipment = { siteId: 'club-1', registerId: 'desk-1', terminalId: 'pax-1' } as const;

/** Name of the first admin. */
export const firstAdmin = 'admin';

/** The account of the KkmServer door that scripts and tests use. */
const doorUser = 'User';

/** The endpoints of a system on this machine. */
export function endpointsOf(
  identity: Identity,
  infra: Infra,
  keys: { readonly apiKey: string; readonly doorPassword: string; readonly adminPassword: string },
): Endpoints {
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    api: local(identity.ports.api),
    kkmserver: local(identity.ports.kkmserver),
    kkmserverUser: doorUser,
    kkmserverPassword: keys.doorPassword,
    virtualTerminal: local(identity.ports.virtualTerminal),
    admin: `${local(identity.ports.api)}/admin`,
    adminUser: firstAdmin,
    adminPassword: keys.adminPassword,
    amqp: infra.amqpUrl,
    amqpManagement: infra.managementUrl,
    postgres: infra.adminDatabaseUrl,
    apiKey: keys.apiKey,
    ...firstEquipment,
  };
}
