import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { isActive, type Run } from './model';
import { changes, queries } from './queries';

/** How fresh the screen is: fed by server-sent events, or asking every {@link POLL_MILLIS} instead. */
export type Liveness = 'live' | 'polling';

export const POLL_MILLIS = 2_000;
const REOPEN_MILLIS = 3_000;

const LivenessContext = createContext<Liveness>('polling');

export const useLiveness = () => use(LivenessContext);

/** `refetchInterval` of a query: often while events are missing and `active` holds, else every `idle` ms. */
export function useFreshness<T>(active: (data: T) => boolean, idle: number | false = false) {
  const polling = useLiveness() === 'polling';
  return ({ state }: { state: { data: T | undefined } }): number | false =>
    polling && state.data !== undefined && active(state.data) ? POLL_MILLIS : idle;
}

/**
 * Keeps one event stream open while the page is visible (browsers allow six connections to a host over all
 * tabs), writes each run it brings into the query cache, and opens it again when it breaks.
 */
export function LiveRuns({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>('polling');

  useEffect(() => {
    let stream: EventSource | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;

    const close = () => {
      clearTimeout(reopening);
      stream?.close();
      stream = undefined;
      setLiveness('polling');
    };
    const open = () => {
      const opened = new EventSource('/api/v1/runs/events');
      stream = opened;
      opened.onopen = () => {
        setLiveness('live');
        // What happened before the stream was open is not in it.
        void cache.invalidateQueries({ predicate: ({ queryKey }) => changes(queryKey) });
      };
      opened.onerror = () => {
        setLiveness('polling');
        if (opened.readyState === EventSource.CLOSED) {
          clearTimeout(reopening);
          reopening = setTimeout(open, REOPEN_MILLIS);
        }
      };
      for (const event of ['progress', 'state', 'done'] as const) {
        opened.addEventListener(event, (message: MessageEvent<string>) =>
          receive(cache, event, JSON.parse(message.data) as Run),
        );
      }
    };
    const followVisibility = () => {
      close();
      if (document.visibilityState === 'visible') open();
    };

    followVisibility();
    document.addEventListener('visibilitychange', followVisibility);
    return () => {
      document.removeEventListener('visibilitychange', followVisibility);
      close();
    };
  }, [cache]);

  return <LivenessContext value={liveness}>{children}</LivenessContext>;
}

function receive(cache: QueryClient, event: 'progress' | 'state' | 'done', run: Run) {
  const key = queries.run(run.id).queryKey;
  const known = cache.getQueryData(key);
  // A late progress event must not bring a finished run back to life.
  if (known && !isActive(known) && isActive(run)) return;
  cache.setQueryData(key, run);

  const replaced = (items: Run[]) => items.map((item) => (item.id === run.id ? run : item));
  cache.setQueriesData<{ items: Run[]; total: number }>(
    { queryKey: ['runs', 'list'] },
    (page) => page && { ...page, items: replaced(page.items) },
  );
  cache.setQueryData(
    queries.overview().queryKey,
    (overview) => overview && { ...overview, lastRuns: replaced(overview.lastRuns) },
  );
  if (event === 'progress') return;
  for (const queryKey of [
    // An answer that is on its way may be older than the event, and nothing would come after it.
    key,
    ['overview'],
    ['machines'],
    ['runs', 'list'],
    ['points'],
    ['repositories'],
    ['policies'],
  ]) {
    void cache.invalidateQueries({ queryKey, predicate: (query) => changes(query.queryKey) });
  }
}
