import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { absolute, exact, relative } from '../format/time';

const TICK_MILLIS = 20_000;

const listeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void) {
  listeners.add(listener);
  now = Date.now();
  ticker ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MILLIS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  };
}

interface WhenProps {
  instant: string;
  /** Both on one line: for facts, where there is room. */
  full?: boolean;
}

/** An instant: relative to look at, exact on hover, focus and for machines. */
export function When({ instant, full = false }: WhenProps) {
  const current = useSyncExternalStore(subscribe, () => now);
  // The clock may be a tick behind: what just happened must not seem to lie ahead.
  const ahead = Date.parse(instant) - current;
  const near = ahead > 0 && ahead <= TICK_MILLIS ? 'just now' : relative(instant, current);
  if (full) {
    return (
      <time dateTime={instant} title={exact(instant)}>
        {absolute(instant)} <span style={{ color: 'var(--mantine-color-dimmed)' }}>({near})</span>
      </time>
    );
  }
  return (
    <Tooltip label={exact(instant)}>
      <time dateTime={instant} style={{ whiteSpace: 'nowrap' }}>
        {near}
      </time>
    </Tooltip>
  );
}
