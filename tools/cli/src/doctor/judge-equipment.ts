import type { RestoreOverview, TerminalHealth, TerminalTransport, WebhookEndpoint } from '@kkm/core';
import type { Finding } from './finding';

/** What the doctor looks at of sites and their equipment. */
export interface EquipmentFacts {
  readonly sites: readonly string[];
  readonly terminals: readonly {
    readonly id: string;
    readonly siteId: string;
    readonly enabled: boolean;
    readonly transport: TerminalTransport;
    readonly now: Pick<TerminalHealth['now'], 'link' | 'inDoubt' | 'worker'>;
  }[];
  readonly registers: readonly { readonly id: string; readonly siteId: string; readonly automaticAcquiring: { readonly option: string } }[];
  readonly webhooks: readonly Pick<WebhookEndpoint, 'id' | 'name' | 'enabled' | 'disabledBecause' | 'lastDeliveredAt' | 'lastFailedAt'>[];
  readonly restore: Pick<RestoreOverview, 'terminals' | 'charges'>;
}

/** Terminals that do not answer, cafés that cannot charge, receivers that do not hear, and what a restore left to do. */
export function judgeEquipment(facts: EquipmentFacts): readonly Finding[] {
  return [...judgeSites(facts), ...facts.terminals.flatMap(judgeTerminal), ...judgeWebhooks(facts), ...judgeRestore(facts)];
}

function judgeSites({ sites, terminals, registers }: EquipmentFacts): readonly Finding[] {
  if (sites.length === 0)
    return [
      { kind: 'problem', about: 'equipment', words: 'there is no site', remedy: 'the page "Equipment", or POST /v1/sites, then terminals and registers' },
    ];
  return sites.flatMap((siteId): Finding[] => {
    const remedy = 'the page "Equipment" adds one';
    if (!terminals.some((terminal) => terminal.siteId === siteId)) return [{ kind: 'problem', about: 'equipment', words: `${siteId} has no terminal`, remedy }];
    const own = registers.filter((register) => register.siteId === siteId);
    if (own.length === 0) return [{ kind: 'note', about: 'equipment', words: `${siteId} has no register: every payment has to name its terminal`, remedy }];
    return own
      .filter(({ automaticAcquiring }) => automaticAcquiring.option === 'none')
      .map(({ id }) => ({
        kind: 'note',
        about: 'equipment',
        words: `register ${id} of ${siteId} charges nothing by itself`,
        remedy: `PUT /v1/registers/${id}/automatic-acquiring with an option and a terminal`,
      }));
  });
}

function judgeTerminal({ id, siteId, enabled, transport, now }: EquipmentFacts['terminals'][number]): readonly Finding[] {
  const about = 'terminal';
  const named = `${id} of ${siteId}`;
  if (!enabled) return [{ kind: 'note', about, words: `${named} is switched off`, remedy: `PATCH /v1/terminals/${id} with "enabled": true` }];
  const doubt: Finding[] = now.inDoubt
    ? [{ kind: 'note', about, words: `${named} is in doubt about a payment`, remedy: 'docs/RUNBOOK.md, "A payment is in doubt"' }]
    : [];
  switch (now.link) {
    case 'up':
      return [...doubt, { kind: 'ok', about, words: `${named} answers` }];
    case 'down':
      return [...doubt, { kind: 'problem', about, words: `${named} does not answer at ${placeOf(transport)}`, remedy: cureOf(transport) }];
    case 'unknown':
      return [
        ...doubt,
        {
          kind: 'problem',
          about,
          words: `nobody drives ${named}${now.worker ? '; its worker was not heard lately' : ''}`,
          remedy: `start a worker with KKM_SITE_ID=${siteId}, and see that it reaches the broker`,
        },
      ];
  }
}

function placeOf(transport: TerminalTransport): string {
  if (transport.kind === 'serial') return transport.path;
  return `${transport.host}:${transport.port}`;
}

function cureOf(transport: TerminalTransport): string {
  if (transport.kind === 'serial') return 'cable, power, and the worker’s right to the port: docs/RUNBOOK.md, "A terminal on a USB cable"';
  return 'power and network of the terminal; address and port as its own menu shows them; a firewall between; another program that is connected to it';
}

function judgeWebhooks({ webhooks }: EquipmentFacts): readonly Finding[] {
  return webhooks.flatMap(({ id, name, enabled, disabledBecause, lastDeliveredAt, lastFailedAt }): Finding[] => {
    const remedy = `GET /v1/webhook-endpoints/${id}/deliveries says why; docs/RUNBOOK.md, "Webhooks do not arrive"`;
    if (disabledBecause !== null) return [{ kind: 'problem', about: 'webhook', words: `${name} was switched off: its receiver answered 410`, remedy }];
    const failing = lastFailedAt !== null && (lastDeliveredAt === null || lastFailedAt > lastDeliveredAt);
    return enabled && failing ? [{ kind: 'problem', about: 'webhook', words: `${name} is not delivered`, remedy }] : [];
  });
}

function judgeRestore({ restore }: EquipmentFacts): readonly Finding[] {
  const remedy = 'GET /v1/restore lists them; docs/RUNBOOK.md, "A backup was restored"';
  const waiting = restore.terminals
    .filter(({ state }) => state === 'unasked' || state === 'held')
    .map(({ terminalId, siteId }) => `${terminalId} of ${siteId}`);
  return [
    ...waiting.map((named): Finding => ({ kind: 'problem', about: 'restore', words: `${named} charges nothing until it was asked or released`, remedy })),
    ...(restore.charges.length > 0
      ? [{ kind: 'problem', about: 'restore', words: `${restore.charges.length} found charge(s) wait for somebody to assign them`, remedy } as const]
      : []),
  ];
}
