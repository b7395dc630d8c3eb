import { randomUUID } from 'node:crypto';
import { exchanges, queues } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import { noBankFacts } from '@kkm/core';
import type { Broker } from '@kkm/messaging';

/** A payment from its opening to its approval, as the ledger hears of it: there is no terminal. */
export async function payAtLedger(broker: Broker, siteId: string): Promise<void> {
  const call = <M extends keyof LedgerCalls>(method: M, request: LedgerCalls[M]['request']): Promise<LedgerCalls[M]['answer']> =>
    broker.call<LedgerCalls[M]['answer']>(queues.ledgerRpc, method, request, { timeoutMs: 10_000 });
  const key = randomUUID();
  const { command } = await call('payments.open', {
    idempotency: { key, fingerprint: '0'.repeat(64) },
    siteId,
    orderId: key,
    registerId: null,
    terminalId: `pax-${key}`,
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    expiresInSeconds: 180,
    additional: false,
    lateApproval: 'keep',
    metadata: {},
  });
  if (!command) throw new Error('the payment was opened before');
  const { attemptId, paymentId, terminalId } = command;
  const driving = { workerId: 'bench', siteId, terminalId, attemptId, nonce: key };
  await call('worker.lease', driving);
  const permit = await call('worker.permit', driving);
  if (permit.kind !== 'granted') throw new Error(`the permit is ${permit.kind}`);
  const body = {
    resultId: `res-${key}`,
    attemptId,
    paymentId,
    siteId,
    terminalId,
    workerId: 'bench',
    nonce: key,
    outcome: { kind: 'approved', chargedMinor: 15_000, facts: { ...noBankFacts, rrn: key.slice(0, 12) } },
    readFailures: 0,
    source: 'answer',
    at: new Date().toISOString(),
  };
  await broker.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body, messageId: body.resultId });
}
