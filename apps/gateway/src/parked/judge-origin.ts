import { exchanges, queues, siteUser } from '@kkm/contracts';
import { equipmentIdPattern, terminalQueue } from '@kkm/core';
import type { NotReplayable } from '@kkm/core';

/** What a parked copy says of where it came from, and what the broker says of who put it there. */
export interface ClaimedOrigin {
  /** The user who published the copy, as the broker verified it; null: nobody stated one. */
  readonly userId: string | null;
  /** `parked`: by a service, whose headers tell the rest. `dead_lettered`: by the broker, so the user is the sender's. Both can be pretended by who may write there. */
  readonly way: 'parked' | 'dead_lettered';
  readonly exchange: string | null;
  readonly routingKey: string | null;
  readonly queue: string | null;
  /** The sender that the parking service names. */
  readonly sender: string | null;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}

/** What is believed of it. */
export interface JudgedOrigin {
  readonly sender: string | null;
  /** Whose it is; null: nobody's but an operator's. */
  readonly siteId: string | null;
  readonly obstacle: Extract<NotReplayable, 'no_origin' | 'not_trusted'> | null;
}

/**
 * Whether a parked copy may go back to where it says it came from. The gateway would send it as KKM's own user, whom everybody trusts; so it sends only what the broker-verified
 * user of the copy could have sent there itself (design-money, clause 22). KKM's own user is believed: it wrote down what the broker had verified. A site's user may park, and
 * write any header: it is believed for commands of its own terminals, which only come back to itself, and for results of its own.
 */
export function judgeOrigin(claimed: ClaimedOrigin, serviceUser: string): JudgedOrigin {
  const { userId, exchange, routingKey, queue } = claimed;
  const isOurs = userId === serviceUser;
  const sender = isOurs && claimed.way === 'parked' ? claimed.sender : userId;
  if (exchange === null || routingKey === null || queue === null) return { sender, siteId: null, obstacle: 'no_origin' };
  switch (exchange) {
    case exchanges.ingress:
      return judged(sender, siteOfRequest(claimed), isOurs);
    case exchanges.commands:
      return judgeCommand(claimed, isOurs);
    case exchanges.results:
      return judgeResult(claimed, sender, serviceUser);
    case exchanges.events:
      // Nobody but the ledger tells of payments.
      return judged(sender, siteIn(memberOf(claimed.body, 'data')), sender === serviceUser && queue === queues.gatewayChecks);
    default:
      return { sender, siteId: null, obstacle: 'no_origin' };
  }
}

/** The routing key is what the broker checked the sender's rights on; only the gateway parks from there. */
function siteOfRequest({ queue, routingKey }: ClaimedOrigin): string | null {
  const [, site = ''] = /^(.+)\.(?:payment|redo|cancel|refund)\.requested$/.exec(routingKey ?? '') ?? [];
  return queue === queues.gatewayIngress && equipmentIdPattern.test(site) ? site : null;
}

function judgeCommand({ userId, routingKey, queue, body }: ClaimedOrigin, isOurs: boolean): JudgedOrigin {
  const siteId = siteIn(body);
  const terminalId = memberOf(body, 'terminalId');
  const isItsQueue =
    siteId !== null &&
    typeof terminalId === 'string' &&
    equipmentIdPattern.test(terminalId) &&
    routingKey === `${siteId}.${terminalId}` &&
    queue === terminalQueue(siteId, terminalId);
  // The sender is the parking one: who sent it before is only the worker's word.
  return judged(userId, isItsQueue ? siteId : null, isOurs || (siteId !== null && userId === siteUser(siteId)));
}

function judgeResult({ userId, way, queue, routingKey, body }: ClaimedOrigin, sender: string | null, serviceUser: string): JudgedOrigin {
  const siteId = siteIn(body);
  // Workers do not read results, so none of them ever parks one.
  const isHeard = userId === serviceUser || way === 'dead_lettered';
  const speaksForSite = siteId !== null && sender !== null && (sender === serviceUser || sender === siteUser(siteId));
  return judged(sender, siteId, isHeard && speaksForSite && queue === queues.ledgerResults && routingKey === queues.ledgerResults);
}

/** Whose it says it is tells nothing when it is not believed; what is nobody's goes nowhere. */
function judged(sender: string | null, siteId: string | null, isBelieved: boolean): JudgedOrigin {
  if (!isBelieved) return { sender, siteId: null, obstacle: 'not_trusted' };
  return { sender, siteId, obstacle: siteId === null ? 'no_origin' : null };
}

function siteIn(body: unknown): string | null {
  const siteId = memberOf(body, 'siteId');
  return typeof siteId === 'string' && equipmentIdPattern.test(siteId) ? siteId : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
