import type { ErrorCode } from '@kkm/core';
import { listApiKeysQuery } from './api-keys.contract';
import { certificationRoutes } from './certification-routes';
import { checkRoutes } from './check-routes';
import { equipmentRoutes } from './equipment-routes';
import { parkedMessageRoutes } from './parked-message-routes';
import { paymentRoutes } from './payment-routes';
import { restoreRoutes } from './restore-routes';
import type { Route } from './route';
import { sbpRoutes } from './sbp-routes';
import { settingChangeRoutes } from './setting-change-routes';
import { terminalRequestRoutes } from './terminal-request-routes';
import { userRoutes } from './user-routes';
import { webhookRoutes } from './webhook-routes';

const keyRoute = { tag: 'Access', access: ['admin'] } as const;

const accessRoutes: readonly Route[] = [
  {
    ...keyRoute,
    method: 'GET',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    summary: 'Keys, without their secrets',
    query: listApiKeysQuery,
    answers: { 200: { description: 'A page.', body: 'ApiKeyPage' } },
    errors: [],
  },
  {
    ...keyRoute,
    method: 'POST',
    path: '/v1/api-keys',
    operationId: 'createApiKey',
    summary: 'Make a key',
    body: 'CreateApiKey',
    answers: { 201: { description: 'The key with its secret, shown once.', body: 'IssuedApiKey', headers: { Location: 'Path of the key.' } } },
    errors: ['equipment.not_found'],
  },
  {
    ...keyRoute,
    method: 'GET',
    path: '/v1/api-keys/{id}',
    operationId: 'readApiKey',
    summary: 'One key, without its secret',
    answers: { 200: { description: 'The key.', body: 'ApiKey' } },
    errors: ['api_key.not_found'],
  },
  {
    ...keyRoute,
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    summary: 'Revoke a key for good',
    answers: { 204: { description: 'Revoked.', body: null } },
    errors: ['api_key.not_found'],
  },
  {
    ...keyRoute,
    method: 'POST',
    path: '/v1/api-keys/{id}/rotate',
    operationId: 'rotateApiKey',
    summary: 'Give a key a new secret',
    body: 'RotateApiKey',
    bodyOptional: true,
    answers: { 200: { description: 'The key with its new secret, shown once.', body: 'IssuedApiKey' } },
    errors: ['api_key.not_found'],
  },
];

const documentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/openapi.json',
    operationId: 'openApi',
    tag: 'Documents',
    summary: 'This document',
    access: 'any-key',
    answers: { 200: { description: 'OpenAPI 3.1.', body: null, contentType: 'application/json' } },
    errors: [],
  },
  {
    method: 'GET',
    path: '/v1/asyncapi.json',
    operationId: 'asyncApi',
    tag: 'Documents',
    summary: 'The messages KKM takes and gives',
    access: 'any-key',
    answers: { 200: { description: 'AsyncAPI 3.', body: null, contentType: 'application/json' } },
    errors: [],
  },
  {
    method: 'GET',
    path: '/problems/{code}',
    operationId: 'explainProblem',
    tag: 'Documents',
    summary: 'What a problem code means and what to do',
    access: 'public',
    answers: { 200: { description: 'A page for people, or JSON when asked for.', body: 'ProblemPage', alsoAs: 'text/html' } },
    errors: ['request.not_found'],
  },
];

/** Every route of the gateway but health and metrics. The OpenAPI document, the scopes and 405 answers come from it. */
export const routes: readonly Route[] = [
  ...paymentRoutes,
  ...checkRoutes,
  ...equipmentRoutes,
  ...settingChangeRoutes,
  ...terminalRequestRoutes,
  ...certificationRoutes,
  ...sbpRoutes,
  ...webhookRoutes,
  ...parkedMessageRoutes,
  ...restoreRoutes,
  ...userRoutes,
  ...accessRoutes,
  ...documentRoutes,
];

/** The errors a route can give besides its own, by what it takes. */
export function sharedErrors(route: Route): readonly ErrorCode[] {
  const codes: ErrorCode[] = ['internal'];
  if (route.access !== 'public') codes.push('request.rate_limited');
  if (needsKey(route)) codes.push('auth.missing', 'auth.invalid', 'auth.session_ended', 'settings.unavailable');
  if (needsKey(route) && route.method !== 'GET') codes.push('auth.cross_site');
  if (Array.isArray(route.access) || route.access === 'session') codes.push('auth.forbidden');
  if (route.query || route.body) codes.push('request.invalid');
  if (route.body) codes.push('request.malformed', 'request.too_large', 'request.unsupported_media_type');
  if (route.rawBody) codes.push('request.too_large');
  return codes;
}

/** Whether a route is for holders of API keys and for users who are signed in. */
export function needsKey({ access }: Route): boolean {
  return access !== 'public' && access !== 'signature' && access !== 'password';
}
