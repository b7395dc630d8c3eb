import { errorCatalogue } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import { limits } from '../fields';
import { componentSchemas, jsonSchemaOf } from './components';
import type { JsonSchema } from './components';
import type { Route, RouteAnswer } from './route';
import { needsKey, routes, sharedErrors } from './routes';

/** Problems that say how long to wait. */
const waits: ReadonlySet<ErrorCode> = new Set([
  'request.rate_limited',
  'payment.not_redoable',
  'idempotency.in_progress',
  'ledger.unavailable',
  'auth.locked',
  'auth.busy',
]);

const ref = (name: string): string => `#/components/schemas/${name}`;

/** The OpenAPI 3.1 document, made from the route table and the schemas that validate. */
export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'KKM',
      version,
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      description:
        'Puts card and SBP payments on the bank terminals of a café and returns the final charged amount. Money is whole minor units; times are RFC 3339 UTC; ids are opaque. Ignore members you do not know.',
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of KKM.' },
        session: { type: 'apiKey', in: 'cookie', name: 'kkm_session', description: 'A user who signed in with POST /v1/session, in KKM’s own page alone.' },
      },
      schemas: componentSchemas(ref),
    },
  };
}

function operationOf(route: Route): JsonSchema {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(needsKey(route) ? (route.access === 'session' ? { security: [{ session: [] }] } : {}) : { security: [] }),
    ...(Array.isArray(route.access) ? { description: `Scope: ${route.access.join(' or ')}.` } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: !route.bodyOptional, content: { 'application/json': { schema: { $ref: ref(route.body) } } } } } : {}),
    ...(route.rawBody ? { requestBody: { required: true, content: { '*/*': { schema: { type: 'string', maxLength: limits.bodyBytes } } } } } : {}),
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

function pathParameters(route: Route): JsonSchema[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 100 },
  }));
}

function queryParameters(route: Route): JsonSchema[] {
  if (!route.query) return [];
  const { properties } = jsonSchemaOf(route.query) as { readonly properties: Readonly<Record<string, JsonSchema>> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function headerParameters(route: Route): JsonSchema[] {
  return (route.headers ?? []).map(({ name, required, description, example }) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
    example,
  }));
}

function answersOf(route: Route): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer)]));
}

function answerOf({ description, body, contentType, alsoAs, headers }: RouteAnswer): JsonSchema {
  const schema = body ? { $ref: ref(body) } : { type: contentType === 'application/json' ? 'object' : 'string' };
  return {
    description,
    ...(headers
      ? { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }])) }
      : {}),
    ...(body || contentType
      ? { content: { [contentType ?? 'application/json']: { schema }, ...(alsoAs ? { [alsoAs]: { schema: { type: 'string' } } } : {}) } }
      : {}),
  };
}

/** One response per status, its description listing the codes a caller can meet there. */
function problemsOf(route: Route): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...sharedErrors(route), ...route.errors])) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), problemOf(codes)]));
}

function problemOf(codes: readonly ErrorCode[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
    ...(codes.some((code) => waits.has(code))
      ? { headers: { 'Retry-After': { description: 'Seconds to wait, where KKM knows them.', schema: { type: 'string' } } } }
      : {}),
    content: { 'application/problem+json': { schema: { $ref: ref('Problem') } } },
  };
}
