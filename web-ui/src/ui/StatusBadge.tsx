import type { ReactNode } from 'react';
import classes from './StatusBadge.module.css';

/** What a state means for whoever looks at it, not its colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'idle';

export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  );
}

/** A word that is a property rather than a state: FULL, INCREMENTAL. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className={classes.tag}>{children}</span>;
}
