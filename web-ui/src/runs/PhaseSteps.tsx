import { IconCheck, IconX } from '@tabler/icons-react';
import { isActive, type Run, type RunPhase } from '../api/model';
import { span } from '../format/time';
import classes from './PhaseSteps.module.css';
import { phaseReached, phasesFor, phaseWord } from './words';

type Progress = 'done' | 'current' | 'stopped' | 'ahead';

/** Where the run is on its way, and how long each phase took. */
export function PhaseSteps({ run }: { run: Run }) {
  const phases = phasesFor(run);
  return (
    <ol className={classes.steps} aria-label="Phases">
      {phases.map((phase) => {
        const progress = progressOf(run, phases, phase);
        const millis = run.phases.find((each) => each.phase === phase)?.millis;
        return (
          <li
            key={phase}
            className={classes.step}
            data-progress={progress}
            aria-current={progress === 'current' ? 'step' : undefined}
          >
            <span className={classes.mark} aria-hidden>
              {progress === 'done' && <IconCheck size={13} stroke={3} />}
              {progress === 'stopped' && <IconX size={13} stroke={3} />}
            </span>
            <span className={classes.name}>{phaseWord(run.kind, phase)}</span>
            <span className={classes.time}>
              {progress !== 'ahead' && millis !== undefined ? span(millis) : ' '}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function progressOf(run: Run, phases: readonly RunPhase[], phase: RunPhase): Progress {
  if (run.state === 'COMPLETE') return 'done';
  if (run.state === 'QUEUED') return 'ahead';
  const reached = phaseReached(run);
  if (phase === reached) return isActive(run) ? 'current' : 'stopped';
  const entered = run.phases.some((each) => each.phase === phase);
  return entered || (reached && phases.indexOf(phase) < phases.indexOf(reached)) ? 'done' : 'ahead';
}
