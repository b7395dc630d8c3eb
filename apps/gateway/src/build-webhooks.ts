import { randomBytes } from 'node:crypto';
import { newId } from '@kkm/core';
import type { Broker, Log } from '@kkm/messaging';
import { sealSecret } from '@kkm/sealing';
import { webhookLedgerClient } from './amqp/ledger-client';
import type { SiteStore } from './equipment/stores';
import { WebhookEndpoints } from './webhooks/webhook-endpoints';

/** Standard Webhooks asks for 24 to 64 bytes. */
const secretBytes = 32;

/** Webhook endpoints as the doors set and show them. */
export function buildWebhooks({ broker, sites, log }: { readonly broker: Broker; readonly sites: SiteStore; readonly log: Log }): WebhookEndpoints {
  return new WebhookEndpoints({
    ledger: webhookLedgerClient(broker),
    sites,
    seal: sealSecret,
    log,
    newId: () => newId('hook', Date.now(), (bytes) => randomBytes(bytes)),
    drawSecret: () => randomBytes(secretBytes),
  });
}
