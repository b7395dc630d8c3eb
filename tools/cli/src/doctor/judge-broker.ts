import { siteRights } from '../../../setup/broker-rights';
import type { BrokerRights } from '../../../setup/broker-rights';
import type { Finding } from './finding';

/** What the doctor looks at of a broker. */
export interface BrokerFacts {
  readonly queues: readonly { readonly name: string; readonly consumers?: number; readonly messages?: number }[];
  readonly users: readonly string[];
  readonly permissions: readonly (BrokerRights & { readonly user: string })[];
  /** Free disk is too little, or memory is used up: publishers are blocked. */
  readonly alarmed: boolean;
}

/** Queues that nobody need be at. */
const mayBeAlone = /\.control$|^parked$/;

/** Queues without consumers, blocked publishers, an account that everybody knows, and cafés with other rights than theirs. */
export function judgeBroker({ queues, users, permissions, alarmed }: BrokerFacts): readonly Finding[] {
  const findings: Finding[] = queues.filter(({ name, consumers = 0 }) => consumers === 0 && !mayBeAlone.test(name)).map(loneQueue);
  if (alarmed)
    findings.push({
      kind: 'problem',
      about: 'broker',
      words: 'it blocks publishers: its disk or memory is used up',
      remedy: 'make room; it goes on by itself (rabbitmq-diagnostics alarms says which)',
    });
  if (users.includes('guest'))
    findings.push({
      kind: 'problem',
      about: 'broker',
      words: 'it has the account guest, whose password everybody knows',
      remedy: 'rabbitmqctl delete_user guest',
    });
  for (const { user, ...rights } of permissions) {
    const siteId = /^site-(.+)$/.exec(user)?.[1];
    if (siteId !== undefined && !isAs(rights, siteRights(siteId)))
      findings.push({
        kind: 'problem',
        about: 'broker',
        words: `${user} has other rights than a café needs`,
        remedy: `infra/head-office/add-site.sh ${siteId} <name>, or ./kkm down and up, sets them anew`,
      });
  }
  return findings.length > 0 ? findings : [{ kind: 'ok', about: 'broker', words: `all of ${queues.length} queues are attended to` }];
}

function loneQueue({ name, messages = 0 }: BrokerFacts['queues'][number]): Finding {
  const waiting = messages === 0 ? '' : `, and ${messages} ${messages === 1 ? 'message waits' : 'messages wait'}`;
  const [, siteId, terminalId] = /^terminal\.(.+)\.([^.]+)$/.exec(name) ?? [];
  if (siteId !== undefined)
    return {
      kind: 'problem',
      about: 'queue',
      words: `nobody takes the payments of terminal ${terminalId} of ${siteId}${waiting}`,
      remedy: `start a worker of ${siteId}; one that runs says in its log why it does not connect or what it misses`,
    };
  const [app = name] = name.split('.');
  return { kind: 'problem', about: 'queue', words: `${name} has no consumer${waiting}`, remedy: `start the ${app}; ./kkm status shows what runs` };
}

function isAs(rights: Omit<BrokerFacts['permissions'][number], 'user'>, wanted: BrokerRights): boolean {
  return rights.configure === wanted.configure && rights.write === wanted.write && rights.read === wanted.read;
}
