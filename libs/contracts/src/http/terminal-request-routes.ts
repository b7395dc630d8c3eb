import { oneOfSiteQuery } from './equipment.contract';
import type { Route, RouteHeader } from './route';
import { terminalHealthQuery } from './terminal-health.contract';
import { listTerminalRequestsQuery } from './terminal-requests.contract';

const wait: RouteHeader = {
  name: 'Prefer',
  required: false,
  example: 'wait=60',
  description: '`wait=N` (RFC 7240, at most 60) holds the answer until the request has ended or N seconds passed.',
};
const key: RouteHeader = {
  name: 'Idempotency-Key',
  required: false,
  example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
  description: 'Under one key of a site the terminal is asked once; a repeat gets the same request as it is now.',
};
const shared = {
  method: 'POST',
  tag: 'Terminals',
  query: oneOfSiteQuery,
  headers: [wait, key],
  bodyOptional: true,
  answers: {
    200: {
      description: 'The request; its state says whether it has ended.',
      body: 'TerminalRequest',
      headers: { 'Preference-Applied': 'Set when Prefer was honoured.' },
    },
  },
} as const;
const errors = ['equipment.not_found', 'equipment.no_terminal', 'idempotency.key_missing', 'idempotency.key_reused'] as const;

/** Routes of what terminals are asked outside of payments. Whoever takes payments may close the day; whoever sets terminals up may try them. */
export const terminalRequestRoutes: readonly Route[] = [
  {
    ...shared,
    path: '/v1/terminals/{id}/link-test',
    operationId: 'testTerminalLink',
    summary: 'Ask whether a terminal answers, and how fast',
    access: ['equipment:write'],
    body: 'TestLink',
    errors: [...errors, 'equipment.address_taken'],
  },
  {
    method: 'POST',
    tag: 'Terminals',
    headers: [wait, key],
    path: '/v1/link-tests',
    operationId: 'testNewLink',
    summary: 'Ask whether a terminal answers that is not saved yet; a worker of the site connects to it',
    access: ['equipment:write'],
    body: 'CreateLinkTest',
    answers: { 200: { ...shared.answers[200], description: 'The test; its state says whether it has ended.', body: 'LinkTest' } },
    errors: ['equipment.not_found', 'equipment.address_taken', 'idempotency.key_missing', 'idempotency.key_reused'],
  },
  {
    ...shared,
    path: '/v1/terminals/{id}/settle',
    operationId: 'settleTerminal',
    summary: 'Have a terminal settle with its bank; its report begins anew',
    access: ['payments:write', 'equipment:write'],
    body: 'AskTerminal',
    errors: [...errors, 'terminal.in_doubt', 'equipment.terminal_busy', 'ledger.unavailable'],
  },
  {
    ...shared,
    path: '/v1/terminals/{id}/report',
    operationId: 'printTerminalReport',
    summary: 'Ask a terminal for the report of its operations since the last settlement',
    access: ['payments:write', 'equipment:write'],
    body: 'AskReport',
    errors,
  },
  {
    method: 'GET',
    path: '/v1/terminals/{id}/requests',
    operationId: 'listTerminalRequests',
    tag: 'Terminals',
    summary: 'What a terminal was asked outside of payments, newest first, with its answers',
    access: ['payments:read', 'payments:write', 'equipment:write'],
    query: listTerminalRequestsQuery,
    answers: { 200: { description: 'A page.', body: 'TerminalRequestPage' } },
    errors: ['equipment.not_found'],
  },
  {
    method: 'GET',
    path: '/v1/terminals/{id}/health',
    operationId: 'readTerminalHealth',
    tag: 'Terminals',
    summary: 'How a terminal is, now and over time: link, what it is at, approvals, read failures, times',
    access: ['payments:read', 'payments:write', 'equipment:write'],
    query: terminalHealthQuery,
    answers: { 200: { description: 'Its health.', body: 'TerminalHealth' } },
    errors: ['equipment.not_found', 'ledger.unavailable'],
  },
];
