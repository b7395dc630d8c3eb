import { useQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { useIsThere } from '../parts/use-is-there';

/** A certification, as lists show it. */
export type Certification = ReadBody<'Certification'>;
/** A certification beside the terminal's earlier ones. */
export type ComparedCertification = ReadBody<'ComparedCertification'>;

/** Where certifications are kept among the queries. */
export const certificationsKey = ['certifications'] as const;

/** How often a running certification is read. */
const readEveryMs = 1_500;
const listLength = 20;

/** The certifications of a terminal, newest first. */
export function useCertifications(siteId: string, terminalId: string) {
  const isThere = useIsThere();
  return useQuery({
    queryKey: [...certificationsKey, siteId, terminalId],
    queryFn: ({ signal }) => api.get<'CertificationPage'>(inPath`/v1/terminals/${terminalId}/certifications`, { siteId, limit: listLength }, signal),
    select: (page) => page.certifications,
    refetchInterval: ({ state }) => (isThere && state.data?.certifications.some((one) => one.state === 'running') ? readEveryMs : false),
  });
}

/** One certification; while it runs it is read again and again. */
export function useCertification(siteId: string, terminalId: string, id: string) {
  const isThere = useIsThere();
  return useQuery({
    queryKey: [...certificationsKey, siteId, terminalId, id],
    queryFn: ({ signal }) => api.get<'ComparedCertification'>(inPath`/v1/terminals/${terminalId}/certifications/${id}`, { siteId }, signal),
    refetchInterval: ({ state }) => (isThere && state.data?.state === 'running' ? readEveryMs : false),
  });
}
