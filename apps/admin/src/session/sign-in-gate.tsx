import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { FirstLoading } from '../parts/first-loading';
import { FullPageProblem } from '../parts/full-page-problem';
import { SessionProvider, useSessionQuery } from './session';
import { SignInPage } from './sign-in-page';

/** Shows what is inside to whoever is signed in, and the sign-in page to everybody else. The address stays, so one comes back to where he was. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const { data: session, error, isPending, refetch } = useSessionQuery();
  const wasIn = useRef(false);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    if (session) wasIn.current = true;
    setEnded(session === null && wasIn.current);
  }, [session]);
  if (isPending) return <FirstLoading />;
  if (session) return <SessionProvider session={session}>{children}</SessionProvider>;
  if (session === undefined && error) return <FullPageProblem problem={error} again={() => void refetch()} />;
  return <SignInPage ended={ended} />;
}
