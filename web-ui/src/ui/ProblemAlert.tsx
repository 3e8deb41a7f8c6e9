import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem';
import classes from './ProblemAlert.module.css';

interface ProblemAlertProps {
  problem: unknown;
  /** What did not work, in the words of the page. */
  title: string;
  action?: ReactNode;
}

/** An error of the API: what did not work and why, what to do, and the code to search for. */
export function ProblemAlert({ problem, title, action }: ProblemAlertProps) {
  const { code, message, hint } = ApiProblem.from(problem);
  return <ErrorBox title={title} message={message} code={code} hint={hint} action={action} />;
}

interface ErrorBoxProps {
  title: string;
  message?: string | undefined;
  code: string;
  hint?: string | null | undefined;
  action?: ReactNode;
}

export function ErrorBox({ title, message, code, hint, action }: ErrorBoxProps) {
  return (
    <div role="alert" className={classes.box}>
      <IconAlertTriangle size={20} stroke={1.7} className={classes.icon} aria-hidden />
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        {message && <p>{message}</p>}
        {hint && <p className={classes.hint}>{hint}</p>}
        <div className={classes.foot}>
          <code className={classes.code}>{code}</code>
          {action}
        </div>
      </div>
    </div>
  );
}
