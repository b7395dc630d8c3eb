import { exchanges, queues } from '@kkm/contracts';
import { judgeOrigin } from './judge-origin';
import type { ClaimedOrigin } from './judge-origin';

const kkm = 'kkm';

const request = {
  way: 'parked',
  exchange: exchanges.ingress,
  routingKey: 'club-1.payment.requested',
  queue: queues.gatewayIngress,
  sender: 'icafecloud',
  body: { id: 'r', data: { siteId: 'club-1' } },
} as const;
const command = {
  way: 'parked',
  exchange: exchanges.commands,
  routingKey: 'club-1.pax-1',
  queue: 'terminal.club-1.pax-1',
  sender: 'kkm',
  body: { siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att_1' },
} as const;
const result = {
  way: 'parked',
  exchange: exchanges.results,
  routingKey: queues.ledgerResults,
  queue: queues.ledgerResults,
  sender: 'site-club-1',
  body: { siteId: 'club-1', attemptId: 'att_1' },
} as const;
const event = {
  way: 'parked',
  exchange: exchanges.events,
  routingKey: 'club-1.payment.succeeded',
  queue: queues.gatewayChecks,
  sender: 'kkm',
  body: { type: 'kkm.payment.succeeded.v1', data: { siteId: 'club-1' } },
} as const;

const judge = (claimed: Omit<ClaimedOrigin, 'userId'>, userId: string | null) => judgeOrigin({ ...claimed, userId }, kkm);
const believed = { siteId: 'club-1', obstacle: null };
const notTrusted = { siteId: null, obstacle: 'not_trusted' };

describe('where a parked copy may go back to', () => {
  it.each([
    ['a request that the gateway parked', request, kkm],
    ['a command that a worker of its site parked', command, 'site-club-1'],
    ['a command that the broker gave up on', { ...command, way: 'dead_lettered' }, kkm],
    ['a result of the site’s worker that the ledger parked', result, kkm],
    ['a result of KKM’s own user that the ledger parked', { ...result, sender: kkm }, kkm],
    ['a result that the broker gave up on', { ...result, way: 'dead_lettered' }, 'site-club-1'],
    ['an event that the gateway parked', event, kkm],
  ] as const)('is where it came from: %s', (_what, claimed, userId) => {
    expect(judge(claimed, userId)).toMatchObject(believed);
  });

  it.each([
    ['a request that a worker claims to have parked', request, 'site-club-1'],
    ['a request that nobody parked', request, null],
    ['a request that its sender put there himself', request, 'icafecloud'],
    ['a request that the broker gave up on, of a sender who may write there', { ...request, way: 'dead_lettered' }, 'icafecloud'],
    ['a command of another site’s terminal', command, 'site-club-2'],
    ['a command that nobody parked', command, null],
    ['a command that a caller parked', { ...command, way: 'dead_lettered' }, 'icafecloud'],
    ['a result about another site, which the ledger had refused', { ...result, sender: 'site-club-2' }, kkm],
    ['a result that named nobody, which the ledger had refused', { ...result, sender: null }, kkm],
    ['a result of a caller, which the ledger had refused', { ...result, sender: 'icafecloud' }, kkm],
    ['a result that a worker claims the ledger had parked', { ...result, sender: kkm }, 'site-club-1'],
    ['a result about another site that the broker gave up on', { ...result, way: 'dead_lettered' }, 'site-club-2'],
    ['a result for another queue', { ...result, queue: queues.ledgerRpc }, kkm],
    ['a result that names no site', { ...result, body: { attemptId: 'att_1' } }, kkm],
    ['an event of a worker', { ...event, way: 'dead_lettered' }, 'site-club-1'],
    ['an event for another queue', { ...event, queue: queues.ledgerResults }, kkm],
    ['an event whose sender is not the ledger', { ...event, sender: 'site-club-1' }, kkm],
  ] as const)('is nowhere, because nobody trusts it: %s', (_what, claimed, userId) => {
    expect(judge(claimed, userId)).toMatchObject(notTrusted);
  });

  it.each([
    ['a call', { ...request, exchange: exchanges.rpc, queue: queues.ledgerRpc }],
    ['a hint', { ...command, exchange: exchanges.control }],
    ['the default exchange', { ...request, exchange: '' }],
    ['what names no exchange', { ...request, exchange: null }],
    ['what names no queue', { ...event, queue: null }],
    ['a request whose routing key names no site', { ...request, routingKey: 'payment.requested' }],
    ['a request from another queue', { ...request, queue: queues.gatewayChecks }],
    ['a command for another terminal than its queue’s', { ...command, body: { ...command.body, terminalId: 'pax-2' } }],
    ['a command for another queue than its routing key’s', { ...command, queue: 'terminal.club-1.pax-2' }],
    ['a command that names no terminal', { ...command, body: { siteId: 'club-1' } }],
    ['a command that is no object', { ...command, body: 'club-1' }],
  ] as const)('is nowhere, because it came from nowhere: %s', (_what, claimed) => {
    expect(judge(claimed, kkm)).toMatchObject({ siteId: null, obstacle: 'no_origin' });
  });

  it('names the sender that the broker verified, and not the one that a worker names', () => {
    expect(judge(request, kkm).sender).toBe('icafecloud');
    expect(judge(command, 'site-club-1').sender).toBe('site-club-1');
    expect(judge({ ...result, sender: 'kkm' }, 'site-club-1').sender).toBe('site-club-1');
    expect(judge(request, null).sender).toBeNull();
  });
});
