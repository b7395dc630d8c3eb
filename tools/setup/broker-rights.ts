import { exchanges, queues } from '@kkm/contracts';

/** Rights of a broker user in RabbitMQ's words: regular expressions over names of exchanges and queues. */
export interface BrokerRights {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** KKM's own services: everything within KKM's virtual host. */
export const serviceRights: BrokerRights = { configure: '.*', write: '.*', read: '.*' };

/**
 * A worker in a café (design-money, clause 22): it declares nothing, reads its own site's terminal queues, and writes only where a worker answers.
 * Not the default exchange: through it any queue could be written to.
 */
export function siteRights(siteId: string): BrokerRights {
  const names = [exchanges.rpc, exchanges.results, exchanges.progress, exchanges.parked].map(quote);
  return { configure: '^$', write: `^(${names.join('|')})$`, read: `^terminal\\.${quote(siteId)}\\..+$` };
}

/** Where the broker is administered. */
export interface BrokerAdministration {
  /** Origin of the management API. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Makes a user without administrator's tags, or changes the password of one. Repeatable. */
export async function putBrokerUser(administration: BrokerAdministration, user: { readonly name: string; readonly password: string }): Promise<void> {
  await manageBroker(administration, { method: 'PUT', path: `/api/users/${encodeURIComponent(user.name)}`, body: { password: user.password, tags: '' } });
}

/** Gives a user these rights on a virtual host, in place of those it had there. */
export async function grantBrokerRights(
  administration: BrokerAdministration,
  to: { readonly user: string; readonly vhost: string; readonly rights: BrokerRights },
): Promise<void> {
  await manageBroker(administration, {
    method: 'PUT',
    path: `/api/permissions/${encodeURIComponent(to.vhost)}/${encodeURIComponent(to.user)}`,
    body: to.rights,
  });
}

/** Deletes a user; the broker closes its connections. */
export async function removeBrokerUser(administration: BrokerAdministration, user: string): Promise<void> {
  await manageBroker(administration, { method: 'DELETE', path: `/api/users/${encodeURIComponent(user)}` });
}

/** Names of all users of the broker. */
export async function brokerUsers(administration: BrokerAdministration): Promise<readonly string[]> {
  const users = (await manageBroker(administration, { method: 'GET', path: '/api/users' })) as readonly { readonly name: string }[];
  return users.map(({ name }) => name);
}

/**
 * RabbitMQ 4 drops a message of a quorum queue that was handed out twenty times, unless something says otherwise. Behind the parking place there is no other, so
 * nothing may be dropped there. A policy, because the arguments of a queue that exists cannot be changed.
 */
export async function keepParked(administration: BrokerAdministration, vhost: string): Promise<void> {
  await manageBroker(administration, {
    method: 'PUT',
    path: `/api/policies/${encodeURIComponent(vhost)}/kkm-parked`,
    body: { pattern: `^${quote(queues.parked)}$`, definition: { 'delivery-limit': 1_000_000 }, 'apply-to': 'queues' },
  });
}

/** Sends one request to the broker's management API and gives what it answered, null for nothing. To delete what is not there counts as done. */
export async function manageBroker(
  administration: BrokerAdministration,
  request: { readonly method: 'GET' | 'PUT' | 'DELETE'; readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  const { method, path, body = {} } = request;
  const credentials = Buffer.from(`${administration.user}:${administration.password}`).toString('base64');
  const answer = await fetch(new URL(path, administration.url), {
    method,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (answer.ok) return text === '' ? null : (JSON.parse(text) as unknown);
  if (method === 'DELETE' && answer.status === 404) return null;
  throw new Error(`The broker answered ${answer.status} to ${method} ${path}: ${text}`);
}

function quote(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
