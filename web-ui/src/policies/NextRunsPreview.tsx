import type { ApiProblem } from '../api/problem';
import { scheduled } from '../format/time';
import { When } from '../ui/When';
import classes from './NextRunsPreview.module.css';

interface NextRunsPreviewProps {
  instants: readonly string[];
  timeZone: string;
  pending: boolean;
  problem: ApiProblem | undefined;
}

export function NextRunsPreview({ instants, timeZone, pending, problem }: NextRunsPreviewProps) {
  return (
    <section className={classes.preview} aria-label="Next five runs" aria-live="polite" aria-busy={pending}>
      <h2 className={classes.title}>Next five runs</h2>
      {instants.length > 0 ? (
        <ol className={classes.list} data-pending={pending}>
          {instants.map((instant) => (
            <li key={instant}>
              <span>{scheduled(instant, timeZone)}</span>
              <span className={classes.relative}>
                <When instant={instant} />
              </span>
            </li>
          ))}
        </ol>
      ) : (
        <p className={classes.none}>{note(pending, problem)}</p>
      )}
    </section>
  );
}

function note(pending: boolean, problem: ApiProblem | undefined): string {
  if (problem) {
    return problem.code.startsWith('INVALID')
      ? `Not a schedule that can run (${problem.code}).`
      : `Unknown: ${problem.message} (${problem.code})`;
  }
  return pending ? 'Reckoning…' : 'This schedule never runs again.';
}
