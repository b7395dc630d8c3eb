import type { Route } from './route';
import { listWebhookDeliveriesQuery, listWebhookEndpointsQuery } from './webhooks.contract';

/** Who sends the payments of a site to another address may read them: an administrator. What became of what was sent may be seen, and sent again, by whoever sets equipment up. */
const set = { tag: 'Webhooks', access: ['admin'] } as const;
const use = { tag: 'Webhooks', access: ['equipment:write', 'admin'] } as const;
const unavailable = ['ledger.unavailable', 'webhook.unavailable'] as const;

/** Routes of webhooks. */
export const webhookRoutes: readonly Route[] = [
  {
    ...use,
    method: 'GET',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: 'Where webhooks go, oldest first, without secrets',
    query: listWebhookEndpointsQuery,
    answers: { 200: { description: 'A page.', body: 'WebhookEndpointPage' } },
    errors: ['ledger.unavailable'],
  },
  {
    ...set,
    method: 'POST',
    path: '/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: 'Have events sent to an address from now on',
    body: 'CreateWebhookEndpoint',
    answers: {
      201: { description: 'The endpoint with its secret, shown once.', body: 'IssuedWebhookEndpoint', headers: { Location: 'Path of the endpoint.' } },
    },
    errors: ['equipment.not_found', 'webhook.too_many', ...unavailable],
  },
  {
    ...use,
    method: 'GET',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'readWebhookEndpoint',
    summary: 'One endpoint, without its secret',
    answers: { 200: { description: 'The endpoint.', body: 'WebhookEndpoint' } },
    errors: ['webhook.not_found', 'ledger.unavailable'],
  },
  {
    ...set,
    method: 'PATCH',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'changeWebhookEndpoint',
    summary: 'Change the named members; in force for the next try when this answers',
    body: 'ChangeWebhookEndpoint',
    answers: { 200: { description: 'The endpoint.', body: 'WebhookEndpoint' } },
    errors: ['webhook.not_found', 'ledger.unavailable'],
  },
  {
    ...set,
    method: 'DELETE',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    summary: 'Send nothing there any more, and forget its deliveries',
    answers: { 204: { description: 'Deleted.', body: null } },
    errors: ['webhook.not_found', 'ledger.unavailable'],
  },
  {
    ...set,
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/rotate',
    operationId: 'rotateWebhookSecret',
    summary: 'Give an endpoint a new secret; for a while the one before signs too',
    body: 'RotateWebhookSecret',
    bodyOptional: true,
    answers: { 200: { description: 'The endpoint with its new secret, shown once.', body: 'IssuedWebhookEndpoint' } },
    errors: ['webhook.not_found', ...unavailable],
  },
  {
    ...use,
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/test',
    operationId: 'testWebhookEndpoint',
    summary: 'Send an event that tells of no payment',
    body: 'AskWebhook',
    bodyOptional: true,
    answers: { 202: { description: 'The delivery; see what becomes of it in the list of deliveries.', body: 'WebhookDelivery' } },
    errors: ['webhook.not_found', 'webhook.disabled', 'ledger.unavailable'],
  },
  {
    ...use,
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/replay',
    operationId: 'replayWebhooks',
    summary: 'Send the events of a range of time once more',
    body: 'ReplayWebhooks',
    answers: { 202: { description: 'They are being sent, behind newer events.', body: 'ReplayedWebhooks' } },
    errors: ['webhook.not_found', 'webhook.disabled', 'webhook.replay_too_large', 'ledger.unavailable'],
  },
  {
    ...use,
    method: 'GET',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'What was sent, newest first, with every try',
    query: listWebhookDeliveriesQuery,
    answers: { 200: { description: 'A page.', body: 'WebhookDeliveryPage' } },
    errors: ['webhook.not_found', 'ledger.unavailable'],
  },
  {
    ...use,
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/replay',
    operationId: 'replayWebhookDelivery',
    summary: 'Send the event of a delivery once more, under the same webhook-id',
    body: 'AskWebhook',
    bodyOptional: true,
    answers: { 202: { description: 'The new delivery.', body: 'WebhookDelivery' } },
    errors: ['webhook.not_found', 'webhook.delivery_not_found', 'webhook.disabled', 'ledger.unavailable'],
  },
];
