import { Navigate } from 'react-router';
import { useSession } from '../session/session';
import { sections } from '../shell/sections';

/** Leads to the first section that the role includes. */
export function StartPage() {
  const { may } = useSession();
  const first = sections.find(({ scopes }) => scopes.some(may));
  return <Navigate replace to={first?.path ?? '/terminals'} />;
}
