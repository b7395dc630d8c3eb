import { randomBytes } from 'node:crypto';
import type { LedgerCalls } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { CreateWebhookRequest, NamedWebhook, SiteScope, WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import { openingKeys } from '@kkm/sealing';

type Call = Extract<keyof LedgerCalls, `webhooks.${string}`>;
type WebhookAnswers = {
  readonly [Method in Call]: (request: LedgerCalls[Method]['request']) => LedgerCalls[Method]['answer'] | Promise<LedgerCalls[Method]['answer']>;
};

const now = '2026-01-01T00:00:00Z';

/** The stand-in ledger's webhooks: it opens what was sealed to it, and keeps what it was asked. */
export class StandInWebhooks {
  /** Secrets as they were opened, by endpoint, oldest first. */
  readonly secrets = new Map<string, string[]>();
  /** Every request, as it came. */
  readonly asked: { readonly call: Call; readonly request: unknown }[] = [];
  private readonly endpoints = new Map<string, WebhookEndpoint>();
  private readonly keys = openingKeys(randomBytes(32));

  answers(): WebhookAnswers {
    const answers: WebhookAnswers = {
      'webhooks.sealing-key': async () => ({ publicKey: (await this.keys).publicKey }),
      'webhooks.create': async (request) => {
        await this.keep(request.id, request.sealedSecret);
        return this.set(endpointOf(request));
      },
      'webhooks.list': ({ scope, siteId }) => ({
        endpoints: [...this.endpoints.values()].filter((one) => isSeen(scope, one) && (siteId === null || one.siteId === siteId)),
        next: null,
      }),
      'webhooks.read': (request) => this.find(request),
      'webhooks.change': ({ name, url, eventTypes, enabled, by, ...named }) => {
        const known = this.find(named);
        const types = eventTypes === 'all' ? null : (eventTypes ?? known.eventTypes);
        return this.set({ ...known, name: name ?? known.name, url: url ?? known.url, eventTypes: types, enabled: enabled ?? known.enabled, changedBy: by });
      },
      'webhooks.delete': (request) => {
        this.endpoints.delete(this.find(request).id);
        return null;
      },
      'webhooks.rotate': async ({ sealedSecret, ...named }) => {
        const known = this.find(named);
        await this.keep(known.id, sealedSecret);
        return this.set({ ...known, secrets: [{ createdAt: now, endsAt: null }, ...known.secrets] });
      },
      'webhooks.test': (request) => deliveryOf(this.find(request), 'test'),
      'webhooks.deliveries': (request) => ({ deliveries: [deliveryOf(this.find(request), 'event')], next: null }),
      'webhooks.replay': ({ deliveryId, ...named }) => {
        const endpoint = this.find(named);
        if (deliveryId !== 'dlv_1') throw new Rejected('webhook.delivery_not_found');
        return deliveryOf(endpoint, 'replay');
      },
      'webhooks.replay-range': (request) => ({ replayed: this.find(request).id.length > 0 ? 2 : 0 }),
    };
    return this.noting(answers);
  }

  private noting(answers: WebhookAnswers): WebhookAnswers {
    const noted = Object.entries(answers).map(([call, answer]) => [
      call,
      (request: never) => {
        this.asked.push({ call: call as Call, request });
        return answer(request);
      },
    ]);
    return Object.fromEntries(noted) as WebhookAnswers;
  }

  private find({ scope, id }: NamedWebhook): WebhookEndpoint {
    const endpoint = this.endpoints.get(id);
    if (!endpoint || !isSeen(scope, endpoint)) throw new Rejected('webhook.not_found');
    return endpoint;
  }

  private set(endpoint: WebhookEndpoint): WebhookEndpoint {
    this.endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  private async keep(endpointId: string, sealedSecret: string): Promise<void> {
    const secret = await (await this.keys).open(sealedSecret, { endpointId });
    this.secrets.set(endpointId, [...(this.secrets.get(endpointId) ?? []), secret]);
  }
}

function isSeen(scope: SiteScope, { siteId }: WebhookEndpoint): boolean {
  return scope === null || (siteId !== null && scope.includes(siteId));
}

function endpointOf({ sealedSecret: _sealed, by, ...request }: CreateWebhookRequest): WebhookEndpoint {
  return {
    ...request,
    disabledBecause: null,
    secrets: [{ createdAt: now, endsAt: null }],
    waiting: 0,
    lastDeliveredAt: null,
    lastFailedAt: null,
    createdAt: now,
    changedAt: now,
    changedBy: by,
  };
}

function deliveryOf({ id: endpointId, siteId }: WebhookEndpoint, origin: WebhookDelivery['origin']): WebhookDelivery {
  return {
    id: 'dlv_1',
    endpointId,
    siteId,
    eventId: 'evt_1',
    eventType: 'kkm.payment.succeeded.v1',
    subject: 'pay_1',
    origin,
    state: 'waiting',
    nextTryAt: now,
    createdAt: now,
    endedAt: null,
    tries: [{ number: 1, at: now, tookMs: 12, code: 503, fault: null, response: 'later' }],
  };
}
