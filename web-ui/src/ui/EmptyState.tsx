import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

interface EmptyStateProps {
  icon: TablerIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** On a page that has no other title. */
  alone?: boolean;
}

/** Nothing here yet: says why and what to do next. */
export function EmptyState({ icon: Icon, title, children, action, alone = false }: EmptyStateProps) {
  const Title = alone ? 'h1' : 'h2';
  return (
    <section className={classes.empty}>
      <span className={classes.icon}>
        <Icon size={26} stroke={1.5} aria-hidden />
      </span>
      <Title className={classes.title}>{title}</Title>
      <p className={classes.text}>{children}</p>
      {action}
    </section>
  );
}
