import { readEventsQuery, streamQuery } from './events.contract';
import { listPaymentsQuery } from './payments.contract';
import type { Route, RouteHeader } from './route';

const idempotencyKey: RouteHeader = {
  name: 'Idempotency-Key',
  required: true,
  example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
  description: 'A structured-field string, unique to this request and the same on every repeat; also accepted without quotes. Keys never expire.',
};
const prefer: RouteHeader = {
  name: 'Prefer',
  required: false,
  example: 'wait=30',
  description: '`wait=N` (RFC 7240, at most 60) holds the answer until the payment is final or N seconds passed.',
};
const outages = ['ledger.unavailable', 'broker.unavailable'] as const;
const equipment = ['equipment.not_found', 'equipment.no_terminal', 'equipment.method_not_enabled'] as const;
const keys = ['idempotency.key_missing', 'idempotency.key_reused', 'idempotency.in_progress'] as const;
const waited = { 'Preference-Applied': 'Set when Prefer was honoured.' };
const replayed = { 'Idempotency-Replayed': '`true` when the request had been handled before.' };

/** May be left out where a repeat is harmless by itself. */
const optionalKey: RouteHeader = { ...idempotencyKey, required: false };

/** Routes of payments and of what became of them. */
export const paymentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payments',
    operationId: 'openPayment',
    tag: 'Payments',
    summary: 'Open a payment and put it on its terminal',
    access: ['payments:write'],
    headers: [idempotencyKey, prefer],
    body: 'OpenPayment',
    answers: {
      201: { description: 'The payment; on a replay as it is now.', body: 'Payment', headers: { Location: 'Path of the payment.', ...replayed, ...waited } },
    },
    errors: [...keys, ...equipment, 'payment.order_busy', 'payment.order_charged', ...outages],
  },
  {
    method: 'GET',
    path: '/v1/payments',
    operationId: 'listPayments',
    tag: 'Payments',
    summary: 'Payments, newest first',
    access: ['payments:read'],
    query: listPaymentsQuery,
    answers: { 200: { description: 'A page.', body: 'PaymentPage' } },
    errors: ['ledger.unavailable'],
  },
  {
    method: 'GET',
    path: '/v1/payments/{id}',
    operationId: 'readPayment',
    tag: 'Payments',
    summary: 'One payment',
    access: ['payments:read'],
    headers: [prefer],
    answers: { 200: { description: 'The payment.', body: 'Payment', headers: waited } },
    errors: ['payment.not_found', 'ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/payments/{id}/redo',
    operationId: 'redoPayment',
    tag: 'Payments',
    summary: 'Try again on the same bill, without a refund',
    access: ['payments:write'],
    headers: [idempotencyKey, prefer],
    body: 'RedoPayment',
    bodyOptional: true,
    answers: { 200: { description: 'The payment with its further attempt.', body: 'Payment', headers: { ...replayed, ...waited } } },
    errors: [
      ...keys,
      ...equipment,
      'payment.not_found',
      'payment.not_redoable',
      'payment.closed',
      'payment.order_busy',
      'payment.order_charged',
      'payment.amount_not_lower',
      ...outages,
    ],
  },
  {
    method: 'POST',
    path: '/v1/payments/{id}/cancel',
    operationId: 'cancelPayment',
    tag: 'Payments',
    summary: 'Ask to stop a payment',
    access: ['payments:write'],
    headers: [prefer],
    body: 'CancelPayment',
    bodyOptional: true,
    answers: { 200: { description: 'The payment; its end may still be open, see cancelRequested.', body: 'Payment', headers: waited } },
    errors: ['payment.not_found', 'payment.not_cancellable', 'ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/payments/{id}/resolution',
    operationId: 'resolvePayment',
    tag: 'Payments',
    summary: 'Decide, as a person and with evidence, a payment that is in doubt',
    access: ['admin'],
    headers: [optionalKey],
    body: 'ResolvePayment',
    answers: { 200: { description: 'The payment as decided. The terminal is free again and is still asked until it has answered once.', body: 'Payment' } },
    errors: ['payment.not_found', 'payment.not_in_doubt', 'idempotency.key_reused', 'ledger.unavailable'],
  },
  {
    method: 'GET',
    path: '/v1/payments/{id}/verdict',
    operationId: 'readVerdict',
    tag: 'Payments',
    summary: 'Was the customer charged? With the evidence',
    access: ['payments:read'],
    answers: { 200: { description: 'What is known, and a sentence to read out.', body: 'Verdict' } },
    errors: ['payment.not_found', 'ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/payments/{id}/close',
    operationId: 'closePayment',
    tag: 'Payments',
    summary: 'Close a payment that has ended: it can be redone no more',
    access: ['payments:write'],
    body: 'ClosePayment',
    bodyOptional: true,
    answers: { 200: { description: 'The payment, closed.', body: 'Payment' } },
    errors: ['payment.not_found', 'payment.not_closable', 'ledger.unavailable'],
  },
  {
    method: 'GET',
    path: '/v1/events',
    operationId: 'readEvents',
    tag: 'Events',
    summary: 'Gap-free feed of all completion events, oldest first',
    access: ['payments:read'],
    query: readEventsQuery,
    answers: { 200: { description: 'A page; empty when nothing came.', body: 'EventPage' } },
    errors: ['ledger.unavailable'],
  },
  {
    method: 'GET',
    path: '/v1/stream',
    operationId: 'stream',
    tag: 'Events',
    summary: 'Payment changes and live progress as server-sent events',
    access: ['payments:read'],
    query: streamQuery,
    headers: [{ name: 'Last-Event-ID', required: false, example: 'c_42', description: 'Resume behind this event.' }],
    answers: {
      200: {
        description: 'Events `payment` (a CompletionEvent) and `progress` (a Progress); a comment every 15 s.',
        body: null,
        contentType: 'text/event-stream',
      },
    },
    errors: ['ledger.unavailable', 'request.rate_limited'],
  },
];
