import type { LedgerCalls } from '@kkm/contracts';
import { queues } from '@kkm/contracts';
import type { HealthLedger, Ledger, RestoreLedger, SbpLedger, WebhookLedger } from '@kkm/flow/gateway';
import type { Broker } from '@kkm/messaging';

/** How long a call may take before the caller is told that the ledger does not answer. */
const callTimeoutMs = 8_000;

/** The ledger port over broker RPC. */
export function ledgerClient(broker: Broker): Ledger {
  const call = callsOver(broker);
  return {
    open: (request) => call('payments.open', request),
    redo: (request) => call('payments.redo', request),
    replay: (request) => call('payments.replay', request),
    cancel: (request) => call('payments.cancel', request),
    refund: (request) => call('payments.refund', request),
    switch: (request) => call('payments.switch', request),
    resolve: (request) => call('payments.resolve', request),
    close: (request) => call('payments.close', request),
    verdict: (request) => call('payments.verdict', request),
    read: (request) => call('payments.read', request),
    list: (request) => call('payments.list', request),
    reject: (request) => call('payments.reject', request),
    events: (request) => call('events.read', request),
    feedEnd: () => call('events.end', {}),
    standing: (terminal) => call('terminals.standing', terminal),
  };
}

/** The ledger's side of the banks of sites, over broker RPC. */
export function sbpLedgerClient(broker: Broker): SbpLedger {
  const call = callsOver(broker);
  return {
    sealingKey: () => call('sbp.sealing-key', {}),
    account: (request) => call('sbp.account', request),
    setAccount: (request) => call('sbp.set-account', request),
    notified: (request) => call('sbp.notified', request),
  };
}

/** The ledger's side of webhooks, over broker RPC. */
export function webhookLedgerClient(broker: Broker): WebhookLedger {
  const call = callsOver(broker);
  return {
    sealingKey: () => call('webhooks.sealing-key', {}),
    create: (request) => call('webhooks.create', request),
    list: (request) => call('webhooks.list', request),
    read: (request) => call('webhooks.read', request),
    change: (request) => call('webhooks.change', request),
    delete: (request) => call('webhooks.delete', request),
    rotate: (request) => call('webhooks.rotate', request),
    test: (request) => call('webhooks.test', request),
    deliveries: (request) => call('webhooks.deliveries', request),
    replay: (request) => call('webhooks.replay', request),
    replayRange: (request) => call('webhooks.replay-range', request),
  };
}

/** The ledger where it tells of terminals, over broker RPC. */
export function healthLedgerClient(broker: Broker): HealthLedger {
  const call = callsOver(broker);
  return { health: (request) => call('terminals.health', request) };
}

/** The ledger where it tells what a restore left to do, over broker RPC. */
export function restoreLedgerClient(broker: Broker): RestoreLedger {
  const call = callsOver(broker);
  return {
    overview: () => call('restore.overview', {}),
    release: (request) => call('restore.release', request),
    assign: (request) => call('restore.assign', request),
  };
}

function callsOver(broker: Broker) {
  return <Method extends keyof LedgerCalls>(method: Method, request: LedgerCalls[Method]['request']) =>
    broker.call<LedgerCalls[Method]['answer']>(queues.ledgerRpc, method, request, { timeoutMs: callTimeoutMs });
}
