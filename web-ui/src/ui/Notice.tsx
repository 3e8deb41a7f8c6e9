import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

/** Something to know and perhaps to do; nothing failed. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.box} role="note">
      <IconInfoCircle size={20} stroke={1.7} className={classes.icon} aria-hidden />
      <div>
        <p className={classes.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
