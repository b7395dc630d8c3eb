import type { Route } from './route';

/** Routes of what people do after the books were restored from a backup. */
export const restoreRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/restore',
    operationId: 'readRestore',
    tag: 'Restore',
    summary: 'Which terminals and charges wait since the books were restored from a backup',
    access: ['admin'],
    answers: { 200: { description: 'What is left to do.', body: 'RestoreOverview' } },
    errors: ['ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/restore/terminals/{siteId}/{terminalId}/release',
    operationId: 'releaseTerminal',
    tag: 'Restore',
    summary: 'Let a terminal charge again whose report cannot tell what it did since the backup',
    access: ['admin'],
    body: 'ReleaseTerminal',
    answers: { 200: { description: 'What is left to do.', body: 'RestoreOverview' } },
    errors: ['restore.not_found', 'ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/restore/charges/assign',
    operationId: 'assignFoundCharge',
    tag: 'Restore',
    summary: 'Say whose a charge is that a terminal shows and the restored books do not know',
    access: ['admin'],
    body: 'AssignFoundCharge',
    answers: { 200: { description: 'What is left to do.', body: 'RestoreOverview' } },
    errors: ['restore.not_found', 'restore.does_not_fit', 'payment.not_found', 'ledger.unavailable'],
  },
];
