import { useEffect, useState } from 'react';

const TICK_MILLIS = 1_000;

/** The clock, ticking every second while `running`. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    const ticker = setInterval(() => setNow(Date.now()), TICK_MILLIS);
    return () => clearInterval(ticker);
  }, [running]);
  return now;
}
