import type { Run, RunKind, RunPhase, RunState } from '../api/model';
import type { Tone } from '../ui/StatusBadge';

export const kindWords: Record<RunKind, string> = {
  BACKUP: 'Backup',
  RESTORE: 'Restore',
  REBUILD: 'Rebuild of the catalog',
};

export const stateWords: Record<RunState, { text: string; tone: Tone }> = {
  QUEUED: { text: 'Queued', tone: 'idle' },
  RUNNING: { text: 'Running', tone: 'busy' },
  COMPLETE: { text: 'Complete', tone: 'good' },
  FAILED: { text: 'Failed', tone: 'bad' },
  CANCELLED: { text: 'Cancelled', tone: 'idle' },
  INTERRUPTED: { text: 'Interrupted', tone: 'warn' },
};

export const phaseWords: Record<RunPhase, string> = {
  PREPARING: 'Preparing',
  FREEZING: 'Freezing the view',
  READING: 'Reading',
  COMMITTING: 'Committing',
  CLEANING: 'Cleaning up',
  RESTORING: 'Restoring',
  DONE: 'Done',
};

const phasesOf: Record<RunKind, readonly RunPhase[]> = {
  BACKUP: ['PREPARING', 'FREEZING', 'READING', 'COMMITTING', 'CLEANING'],
  RESTORE: ['PREPARING', 'RESTORING'],
  REBUILD: ['PREPARING', 'READING', 'COMMITTING'],
};

/** The phases this run goes through: those of its kind, less those that a finished one never entered. */
export function phasesFor(run: Run): readonly RunPhase[] {
  const entered = new Set<string>(run.phases.map(({ phase }) => phase));
  const extra = run.phases.map(({ phase }) => phase as RunPhase).filter((phase) => phase !== 'DONE');
  const usual = phasesOf[run.kind];
  const shown = run.state === 'COMPLETE' ? usual.filter((phase) => entered.has(phase)) : usual;
  return [...shown, ...extra.filter((phase) => !shown.includes(phase))];
}

export function runTitle(run: Run): string {
  const subject = run.machineName ? ` of ${run.machineName}` : '';
  return `${kindWords[run.kind]}${subject}`;
}
