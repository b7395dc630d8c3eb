import { useQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { everyPage } from '../api/every-page';
import { useSite } from '../sites/sites';

/** A register as it is shown. */
export type Register = ReadBody<'Register'>;
/** A terminal as it is shown. */
export type Terminal = ReadBody<'Terminal'>;
/** A terminal profile as it is shown. */
export type Profile = ReadBody<'TerminalProfile'>;

/** Where registers are kept among the queries; more members narrow it to a site and an entry. */
export const registersKey = ['registers'] as const;
/** The same of terminals. */
export const terminalsKey = ['terminals'] as const;
/** The same of profiles. */
export const profilesKey = ['terminal-profiles'] as const;
/** The same of the history of settings. */
export const settingChangesKey = ['setting-changes'] as const;

/** The registers of the chosen site, or of all. */
export function useRegisters() {
  const { siteId } = useSite();
  return useQuery({
    queryKey: [...registersKey, siteId],
    queryFn: ({ signal }) =>
      everyPage<'RegisterPage', Register>('/v1/registers', { take: (page) => page.registers, query: { siteId: siteId ?? undefined }, signal }),
  });
}

/** The terminals of a site; left out: of the chosen one, or of all. */
export function useTerminals(ofSite?: string) {
  const { siteId: chosen } = useSite();
  const siteId = ofSite ?? chosen;
  return useQuery({
    queryKey: [...terminalsKey, siteId],
    queryFn: ({ signal }) =>
      everyPage<'TerminalPage', Terminal>('/v1/terminals', { take: (page) => page.terminals, query: { siteId: siteId ?? undefined }, signal }),
  });
}

/** The profiles that a site may use: its own and those of every site. Left out: all that one may see. */
export function useProfiles(ofSite?: string) {
  return useQuery({
    queryKey: profilesKey,
    queryFn: ({ signal }) => everyPage<'TerminalProfilePage', Profile>('/v1/terminal-profiles', { take: (page) => page.terminalProfiles, signal }),
    select: (all) => all.filter(({ siteId }) => ofSite === undefined || siteId === null || siteId === ofSite),
  });
}

/** One register. */
export function useRegister(siteId: string, id: string) {
  return useQuery({
    queryKey: [...registersKey, siteId, id],
    queryFn: ({ signal }) => api.get<'Register'>(inPath`/v1/registers/${id}`, { siteId }, signal),
  });
}

/** One terminal. */
export function useTerminal(siteId: string, id: string) {
  return useQuery({
    queryKey: [...terminalsKey, siteId, id],
    queryFn: ({ signal }) => api.get<'Terminal'>(inPath`/v1/terminals/${id}`, { siteId }, signal),
  });
}
