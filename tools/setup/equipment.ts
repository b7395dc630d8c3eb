/** A terminal to enter: its id and where it listens. */
export interface NewTerminal {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Values of its profile; left out: those of the driver. */
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** One site with one register and its terminals. */
export interface NewEquipment {
  readonly siteId: string;
  readonly registerId: string;
  /** The register's automatic acquiring takes the first one. */
  readonly terminals: readonly NewTerminal[];
}

/** The gateway to enter it at. */
export interface GatewayAccess {
  /** Origin, without a path. */
  readonly api: string;
  readonly apiKey: string;
}

/**
 * Enters a site, its terminals and a register whose automatic acquiring names the first terminal. What exists already is left as it is. The register is unit 1 of
 * the KkmServer door, as clients expect of a café with one, and its terminals follow.
 */
export async function enterEquipment(gateway: GatewayAccess, equipment: NewEquipment): Promise<void> {
  const { siteId, registerId, terminals } = equipment;
  await create(gateway, '/v1/sites', { id: siteId, name: siteId });
  for (const [index, { id, host, port, profile = {} }] of terminals.entries()) {
    const transport = { kind: 'tcp', mode: 'connect', host, port };
    await create(gateway, '/v1/terminals', { id, siteId, name: id, driver: 'inpas-sa', transport, profile, numDevice: index + 2 });
  }
  const automaticAcquiring = { option: 'card_or_sbp_qr', terminalId: terminals[0]?.id ?? null };
  await create(gateway, '/v1/registers', { id: registerId, siteId, name: registerId, numDevice: 1, automaticAcquiring });
}

async function create(gateway: GatewayAccess, path: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(path, gateway.api), {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (answer.ok || (answer.status === 409 && text.includes('"equipment.exists"'))) return;
  throw new Error(`The gateway answered ${answer.status} to POST ${path}: ${text}`);
}
