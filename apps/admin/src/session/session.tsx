import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReadBody, Scope } from '@kkm/contracts';
import { createContext, use, useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import { api, onSignedOut } from '../api/api';
import { ApiProblem } from '../api/api-problem';

/** Who is signed in, as `GET /v1/session` tells it. */
export type Session = ReadBody<'Session'>;

/** The session and what it allows. */
export interface SignedIn {
  readonly session: Session;
  /** Whether the role includes a scope. The door decides again. */
  readonly may: (scope: Scope) => boolean;
}

const SessionContext = createContext<SignedIn | null>(null);

/** Where the session is kept among the queries. */
export const sessionKey = ['session'] as const;

/** Asks who is signed in: null when nobody is. */
export function useSessionQuery() {
  const queries = useQueryClient();
  useEffect(() => onSignedOut(() => queries.setQueryData(sessionKey, null)), [queries]);
  return useQuery<Session | null>({ queryKey: sessionKey, queryFn: ({ signal }) => readSession(signal), staleTime: 60_000 });
}

/** Gives the session to everything inside. */
export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const value = useMemo<SignedIn>(() => ({ session, may: (scope) => session.scopes.includes(scope) }), [session]);
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** Who is signed in; only inside {@link SessionProvider}. */
export function useSession(): SignedIn {
  const value = use(SessionContext);
  if (value === null) throw new Error('useSession outside of SessionProvider');
  return value;
}

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await api.get<'Session'>('/v1/session', {}, signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.refusal.kind === 'refused' && error.refusal.problem.status === 401) return null;
    throw error;
  }
}
