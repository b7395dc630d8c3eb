import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useSession } from '../session/session';
import { LiveStream } from './live-stream';
import type { LiveEvents, LiveListener, LiveName } from './live-stream';

/** The stream and whether it is connected. */
interface Live {
  readonly stream: LiveStream;
  readonly live: boolean;
}

const LiveContext = createContext<Live | null>(null);

/** Holds the one stream of the page. What was missed while it was cut off is read anew. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const { may } = useSession();
  const allowed = may('payments:read');
  const [live, setLive] = useState(false);
  const stream = useMemo(
    () =>
      new LiveStream({
        open: (url) => new EventSource(url),
        later: (act, ms) => {
          const timer = setTimeout(act, ms);
          return () => clearTimeout(timer);
        },
        onLive: setLive,
        onResumed: () => void queries.invalidateQueries(),
      }),
    [queries],
  );
  useEffect(() => {
    if (!allowed) return undefined;
    stream.start();
    return () => stream.stop();
  }, [allowed, stream]);
  const value = useMemo(() => ({ stream, live }), [stream, live]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

/** Hears live events of one name for as long as the component is shown. Tells whether the stream is connected. */
export function useLive<Name extends LiveName>(name: Name, listener: LiveListener<Name>): boolean {
  const { stream, live } = useLiveContext();
  const heard = useEffectEvent((event: LiveEvents[Name]) => listener(event));
  useEffect(() => stream.on(name, (event) => heard(event)), [stream, name]);
  return live;
}

/** Whether the stream is connected. */
export function useIsLive(): boolean {
  return useLiveContext().live;
}

function useLiveContext(): Live {
  const value = use(LiveContext);
  if (value === null) throw new Error('useLive outside of LiveProvider');
  return value;
}
