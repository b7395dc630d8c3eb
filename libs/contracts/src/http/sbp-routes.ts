import type { Route } from './route';

/** Routes of the banks that SBP is paid through. */
export const sbpRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/sites/{id}/sbp-account',
    operationId: 'readSbpAccount',
    tag: 'SBP',
    summary: 'The site’s contract with the bank that QRs are asked of; never the secret',
    access: ['admin'],
    answers: { 200: { description: 'The contract in force.', body: 'SbpAccount' } },
    errors: ['equipment.not_found', 'ledger.unavailable'],
  },
  {
    method: 'PUT',
    path: '/v1/sites/{id}/sbp-account',
    operationId: 'setSbpAccount',
    tag: 'SBP',
    summary: 'Set the site’s contract with a bank; new QRs are asked of it as soon as this answers',
    access: ['admin'],
    body: 'SetSbpAccount',
    answers: { 200: { description: 'The contract in force.', body: 'SbpAccount' } },
    errors: ['equipment.not_found', 'ledger.unavailable'],
  },
  {
    method: 'POST',
    path: '/v1/sbp-notifications/{bank}/{siteId}',
    operationId: 'hearSbpBank',
    tag: 'SBP',
    summary: 'For banks alone: what became of a QR, signed as the bank signs',
    access: 'signature',
    rawBody: true,
    answers: { 200: { description: 'Taken; what the bank wants to read.', body: null, contentType: 'text/plain' } },
    errors: ['sbp.signature_invalid', 'equipment.not_found', 'request.malformed', 'ledger.unavailable', 'broker.unavailable'],
  },
];
