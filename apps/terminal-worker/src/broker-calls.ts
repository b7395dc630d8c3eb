import { exchanges, queues, siteEquipment, takeRequestAnswer } from '@kkm/contracts';
import type { GatewayCalls, LedgerCalls } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { Equipment, ProgressPublisher, RequestDesk, ResultPublisher, WorkerLedger } from '@kkm/flow/worker';
import { RemoteFault } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';

/** A call without an answer after this time is repeated by its caller; well below the 10 s in which a grant must be used. */
const callTimeoutMs = 4_000;

/** The ledger asks a bank first, which takes up to 5 s. */
const qrTimeoutMs = 8_000;

/** A service that fails inside may have done what it was asked, or not: for the caller the answer is lost. */
async function lostWhenFaulty<A>(call: Promise<A>): Promise<A> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RemoteFault) throw new Unavailable('ledger.unavailable', { cause: error });
    throw error;
  }
}

/** The ledger port over broker RPC. */
export function ledgerCalls(broker: Broker): WorkerLedger {
  const call = <Method extends keyof LedgerCalls>(
    method: Method,
    request: LedgerCalls[Method]['request'],
    timeoutMs = callTimeoutMs,
  ): Promise<LedgerCalls[Method]['answer']> => lostWhenFaulty(broker.call<LedgerCalls[Method]['answer']>(queues.ledgerRpc, method, request, { timeoutMs }));
  return {
    lease: (request) => call('worker.lease', request),
    permit: (request) => call('worker.permit', request),
    heartbeat: (request) => call('worker.heartbeat', request),
    baseline: (request) => call('worker.baseline', request),
    endBaseline: (request) => call('worker.baseline-ends', request),
    knowledge: (request) => call('worker.knowledge', request),
    showQr: (request) => call('worker.qr', request, qrTimeoutMs),
    standing: (terminal) => call('terminals.standing', terminal),
  };
}

/** The gateway's equipment over broker RPC, checked as it enters. */
export function equipmentCalls(broker: Broker): Equipment {
  return {
    ofSite: async (request) => {
      const answer = await lostWhenFaulty(
        broker.call<GatewayCalls['equipment.of-site']['answer']>(queues.gatewayRpc, 'equipment.of-site', request, { timeoutMs: callTimeoutMs }),
      );
      return siteEquipment.parse(answer);
    },
  };
}

/** The gateway's requests to terminals over broker RPC, checked as they enter. */
export function requestCalls(broker: Broker): RequestDesk {
  const call = <Method extends 'terminals.take' | 'terminals.answered'>(method: Method, request: GatewayCalls[Method]['request']): Promise<unknown> =>
    lostWhenFaulty(broker.call(queues.gatewayRpc, method, request, { timeoutMs: callTimeoutMs }));
  return {
    take: async (request) => takeRequestAnswer.parse(await call('terminals.take', request)),
    answered: async (request) => {
      await call('terminals.answered', request);
      return null;
    },
  };
}

/** Results, confirmed. The result's id makes repeats the same message. */
export function resultPublisher(broker: Broker): ResultPublisher {
  return {
    publish: (result) =>
      broker.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: result, messageId: result.resultId, type: 'attempt-result' }),
  };
}

/** Progress, fire and forget. */
export function progressPublisher(broker: Broker): ProgressPublisher {
  return { publish: (progress) => broker.hint({ exchange: exchanges.progress, routingKey: `${progress.siteId}.${progress.paymentId}`, body: progress }) };
}
