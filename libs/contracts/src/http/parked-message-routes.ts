import { listParkedMessagesQuery } from './parked-messages.contract';
import type { Route } from './route';

/** What a message holds may be anything, and a replay sends it with KKM's own rights: an administrator's alone. */
const shared = { tag: 'Parked messages', access: ['admin'] } as const;

/** Routes of messages that no handler could do anything with. */
export const parkedMessageRoutes: readonly Route[] = [
  {
    ...shared,
    method: 'GET',
    path: '/v1/parked-messages',
    operationId: 'listParkedMessages',
    summary: 'Messages that could not be handled, newest first',
    query: listParkedMessagesQuery,
    answers: { 200: { description: 'A page.', body: 'ParkedMessagePage' } },
    errors: [],
  },
  {
    ...shared,
    method: 'GET',
    path: '/v1/parked-messages/{id}',
    operationId: 'readParkedMessage',
    summary: 'One parked message with its headers and body',
    answers: { 200: { description: 'The message.', body: 'ParkedMessage' } },
    errors: ['parked.not_found'],
  },
  {
    ...shared,
    method: 'POST',
    path: '/v1/parked-messages/{id}/replay',
    operationId: 'replayParkedMessage',
    summary: 'Send a parked message again to where it came from, under its own id',
    body: 'ReplayParked',
    bodyOptional: true,
    answers: { 200: { description: 'The message, replayed. It is parked anew if it fails again.', body: 'ParkedMessage' } },
    errors: ['parked.not_found', 'parked.not_replayable', 'parked.settled', 'broker.unavailable'],
  },
  {
    ...shared,
    method: 'POST',
    path: '/v1/parked-messages/{id}/dismiss',
    operationId: 'dismissParkedMessage',
    summary: 'Say that nothing is to be done about a parked message, and why',
    body: 'DismissParked',
    answers: { 200: { description: 'The message, dismissed; it is kept.', body: 'ParkedMessage' } },
    errors: ['parked.not_found', 'parked.settled'],
  },
];
