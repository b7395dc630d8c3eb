import { answersQueries } from '@kkm/postgres';
import { queryRows } from '../../../backup/query-rows';
import { databaseOfServices } from '../infra/database-set-up';
import { readIfThere } from '../state/files';
import type { StatePaths } from '../state/state-paths';
import type { Endpoints } from '../system/endpoints';
import type { Finding } from './finding';
import { judgeBroker } from './judge-broker';
import type { BrokerFacts } from './judge-broker';
import { judgeClocks, judgeDatabase } from './judge-database';
import type { DatabaseFacts } from './judge-database';
import { judgeEquipment } from './judge-equipment';
import type { EquipmentFacts } from './judge-equipment';

const askWithinMs = 5_000;

/** Looks into the system that runs, through the doors that its operator has. What does not answer is a finding by itself. */
export async function examineRunning(endpoints: Endpoints, paths: StatePaths): Promise<readonly Finding[]> {
  const parts: readonly [string, string, () => Promise<readonly Finding[]>][] = [
    ['Postgres', endpoints.postgres, async () => [...judgeDatabase(await databaseFacts(endpoints, paths)), await clocks(endpoints)]],
    ['broker', endpoints.amqpManagement, async () => judgeBroker(await brokerFacts(endpoints))],
    ['gateway', endpoints.api, async () => judgeEquipment(await equipmentFacts(endpoints))],
  ];
  const looked = await Promise.all(parts.map(([about, url, look]) => look().catch((error: unknown) => [silent(about, url, error)])));
  return looked.flat();
}

function silent(about: string, url: string, error: unknown): Finding {
  const why = error instanceof Error ? error.message : String(error);
  const words = `${new URL(url).host} does not answer as it should: ${why.split('\n')[0] ?? why}`;
  return { kind: 'problem', about, words, remedy: './kkm status shows what runs; its log is in the state folder, under logs' };
}

async function databaseFacts({ postgres }: Endpoints, paths: StatePaths): Promise<DatabaseFacts> {
  const rows = await queryRows<{ role: string; powerful: boolean; schema_owner: string | null }>(
    databaseOfServices(postgres),
    `select r.rolname as role, r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication as powerful, pg_get_userbyid(n.nspowner) as schema_owner
      from pg_roles r left join pg_namespace n on n.nspname = substr(r.rolname, 5) where r.rolname in ('kkm_gateway', 'kkm_ledger') order by 1`,
  );
  const roles = rows.map(async ({ role, powerful, schema_owner: schemaOwner }) => {
    const url = readIfThere(`${paths.secrets}/${role.slice('kkm_'.length)}-database-url`)?.trim();
    return { role, powerful, schemaOwner, logsIn: url !== undefined && (await answersQueries(url)) };
  });
  return { roles: await Promise.all(roles) };
}

async function clocks({ postgres }: Endpoints): Promise<Finding> {
  const beganMs = performance.timeOrigin + performance.now();
  const [row] = await queryRows<{ now: Date }>(databaseOfServices(postgres), 'select clock_timestamp() as now');
  const tookMs = performance.timeOrigin + performance.now() - beganMs;
  return judgeClocks({ hereMs: beganMs, databaseMs: row?.now.getTime() ?? 0, tookMs });
}

async function brokerFacts({ amqp, amqpManagement }: Endpoints): Promise<BrokerFacts> {
  const { origin, username, password } = new URL(amqpManagement);
  const headers = { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
  const ask = <Answer>(path: string): Promise<Answer> => askJson(`${origin}/api${path}`, headers);
  const vhost = encodeURIComponent(decodeURIComponent(new URL(amqp).pathname.slice(1)) || '/');
  const [queues, users, permissions, alarms] = await Promise.all([
    ask<BrokerFacts['queues']>(`/queues/${vhost}?columns=name,consumers,messages`),
    ask<readonly { readonly name: string }[]>('/users'),
    ask<BrokerFacts['permissions']>(`/vhosts/${vhost}/permissions`),
    fetch(`${origin}/api/health/checks/alarms`, { headers, signal: AbortSignal.timeout(askWithinMs) }),
  ]);
  return { queues, users: users.map(({ name }) => name), permissions, alarmed: alarms.status === 503 };
}

async function equipmentFacts({ api, apiKey }: Endpoints): Promise<EquipmentFacts> {
  const ask = <Answer>(path: string): Promise<Answer> => askJson(`${api}/v1${path}`, { authorization: `Bearer ${apiKey}` });
  const [{ sites }, { terminals }, { registers }, { webhookEndpoints: webhooks }, restore] = await Promise.all([
    ask<{ sites: readonly { id: string }[] }>('/sites?limit=500'),
    ask<{ terminals: readonly Omit<EquipmentFacts['terminals'][number], 'now'>[] }>('/terminals?limit=500'),
    ask<{ registers: EquipmentFacts['registers'] }>('/registers?limit=500'),
    ask<{ webhookEndpoints: EquipmentFacts['webhooks'] }>('/webhook-endpoints?limit=100'),
    ask<EquipmentFacts['restore']>('/restore'),
  ]);
  const watched = terminals.map(async (terminal) => {
    const { now } = await ask<Pick<EquipmentFacts['terminals'][number], 'now'>>(`/terminals/${terminal.id}/health?siteId=${terminal.siteId}`);
    return { ...terminal, now };
  });
  return { sites: sites.map(({ id }) => id), terminals: await Promise.all(watched), registers, webhooks, restore };
}

async function askJson<Answer>(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(askWithinMs) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status} to ${new URL(url).pathname}`);
  return (await answer.json()) as Answer;
}
