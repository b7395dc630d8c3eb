import { useQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { createContext, use, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { everyPage } from '../api/every-page';
import { FirstLoading } from '../parts/first-loading';
import { useSession } from '../session/session';
import { keep, kept } from '../settings';

/** A site as it is shown. */
export type Site = ReadBody<'Site'>;

/** The sites one may see, and the one that is looked at. */
export interface ChosenSite {
  readonly sites: readonly Site[];
  /** Null: all sites. */
  readonly siteId: string | null;
  /** Whose people, webhooks and audit are listed. Undefined: everybody's, also where there is one site, so that those who belong to no site are seen. */
  readonly listedOf: string | undefined;
  /** The name of a site; its id where it has none. */
  readonly nameOf: (siteId: string) => string;
  readonly choose: (siteId: string | null) => void;
}

const SiteContext = createContext<ChosenSite | null>(null);

/** Where the sites are kept among the queries. */
export const sitesKey = ['sites'] as const;

/** Reads the sites and keeps which of them is looked at. */
export function SiteProvider({ children }: { readonly children: ReactNode }) {
  const { session } = useSession();
  const [chosen, setChosen] = useState(() => kept('site') ?? '');
  const {
    data: sites,
    isPending,
    failureCount,
  } = useQuery({
    queryKey: sitesKey,
    queryFn: ({ signal }) => everyPage<'SitePage', Site>('/v1/sites', { take: (page) => page.sites, signal }),
    staleTime: 30_000,
  });
  const value = useMemo<ChosenSite>(() => {
    const all = sites ?? [];
    const known = all.length === 1 ? all[0]?.id : all.find(({ id }) => id === chosen)?.id;
    const siteId = session.siteId ?? known ?? null;
    return {
      sites: all,
      siteId,
      listedOf: session.siteId === null && all.length === 1 ? undefined : (siteId ?? undefined),
      nameOf: (of) => all.find(({ id }) => id === of)?.name ?? of,
      choose: (id) => {
        keep('site', id ?? '');
        setChosen(id ?? '');
      },
    };
  }, [sites, chosen, session.siteId]);
  // Without the sites every list would be read twice, of all sites first, and say for a moment that it is empty.
  if (isPending && failureCount === 0) return <FirstLoading />;
  return <SiteContext value={value}>{children}</SiteContext>;
}

/** The chosen site; only inside {@link SiteProvider}. */
export function useSite(): ChosenSite {
  const value = use(SiteContext);
  if (value === null) throw new Error('useSite outside of SiteProvider');
  return value;
}
