import { listChecksQuery } from './checks.contract';
import type { Route } from './route';

/** Routes of what the KkmServer door could not finish. */
export const checkRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/checks',
    operationId: 'listChecks',
    tag: 'Checks',
    summary: 'Checks whose money moved and whose receipt is not made, oldest first',
    access: ['payments:read'],
    query: listChecksQuery,
    answers: { 200: { description: 'A page; empty when nothing is outstanding.', body: 'OutstandingCheckPage' } },
    errors: [],
  },
  {
    method: 'POST',
    path: '/v1/checks/{id}/retry',
    operationId: 'retryCheck',
    tag: 'Checks',
    summary: 'Try the receipt, or the giving back, again at once',
    access: ['payments:write'],
    body: 'RetryCheck',
    bodyOptional: true,
    answers: { 200: { description: 'The check; it is being tried.', body: 'OutstandingCheck' } },
    errors: ['check.not_found', 'check.not_outstanding'],
  },
];
