import { listCertificationsQuery } from './certifications.contract';
import { oneOfSiteQuery } from './equipment.contract';
import type { Route } from './route';

const path = '/v1/terminals/{id}/certifications';
const compared = { 200: { description: 'The certification as it is now.', body: 'ComparedCertification' } } as const;
const write = { tag: 'Terminals', access: ['equipment:write'], query: oneOfSiteQuery } as const;
const read = { tag: 'Terminals', access: ['equipment:write', 'payments:read', 'payments:write'] } as const;

/** Routes of certifications: a terminal is graded by test payments before guests use it. */
export const certificationRoutes: readonly Route[] = [
  {
    ...write,
    method: 'POST',
    path,
    operationId: 'startCertification',
    summary: 'Certify a terminal: so many test payments, each given back at once, then a grade',
    body: 'StartCertification',
    answers: {
      201: { description: 'The certification; it goes on by itself.', body: 'ComparedCertification', headers: { Location: 'Path of the certification.' } },
    },
    errors: ['equipment.not_found', 'equipment.no_terminal', 'certification.running', 'terminal.in_doubt', 'equipment.terminal_busy', 'ledger.unavailable'],
  },
  {
    ...read,
    method: 'GET',
    path,
    operationId: 'listCertifications',
    summary: 'A terminal’s certifications, newest first',
    query: listCertificationsQuery,
    answers: { 200: { description: 'A page.', body: 'CertificationPage' } },
    errors: ['equipment.not_found'],
  },
  {
    ...read,
    method: 'GET',
    path: `${path}/{certificationId}`,
    operationId: 'readCertification',
    summary: 'A certification: how far it is, what a person is to do, its results and grade',
    query: oneOfSiteQuery,
    answers: compared,
    errors: ['equipment.not_found', 'certification.not_found'],
  },
  {
    ...write,
    method: 'POST',
    path: `${path}/{certificationId}/stop`,
    operationId: 'stopCertification',
    summary: 'End a certification; a payment that runs is cancelled or given back first',
    body: 'FollowCertification',
    bodyOptional: true,
    answers: compared,
    errors: ['equipment.not_found', 'certification.not_found'],
  },
  {
    ...write,
    method: 'POST',
    path: `${path}/{certificationId}/prompts/{number}`,
    operationId: 'answerCertificationPrompt',
    summary: 'Say that what a prompt asks is done',
    body: 'FollowCertification',
    bodyOptional: true,
    answers: compared,
    errors: ['equipment.not_found', 'certification.not_found', 'certification.not_asked'],
  },
];
