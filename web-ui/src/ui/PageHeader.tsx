import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './PageHeader.module.css';
import { useTitle } from './useTitle';

interface PageHeaderProps {
  title: string;
  /** Beside the title: a state, a kind. */
  badge?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  back?: { to: string; label: string };
}

export function PageHeader({ title, badge, description, actions, back }: PageHeaderProps) {
  useTitle(title);
  return (
    <header className={classes.header}>
      <div className={classes.text}>
        {back && (
          <Link to={back.to} className={classes.back}>
            <IconChevronLeft size={15} stroke={2} aria-hidden />
            {back.label}
          </Link>
        )}
        <div className={classes.line}>
          <h1 className={classes.title}>{title}</h1>
          {badge}
        </div>
        {description && <div className={classes.description}>{description}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
