import { isActive, type Run, type RunKind, type RunPhase, type RunState } from '../api/model';
import type { Tone } from '../ui/StatusBadge';

export const kindWords: Record<RunKind, string> = {
  BACKUP: 'Backup',
  RESTORE: 'Restore',
  KEEP: 'Point of an export',
  REBUILD: 'Rebuild of the catalog',
  RECLAIM: 'Reclaim of space',
  COPY: 'Copy of points',
  SCRUB: 'Scrub',
};

export const stateWords: Record<RunState, { text: string; tone: Tone }> = {
  QUEUED: { text: 'Queued', tone: 'idle' },
  RUNNING: { text: 'Running', tone: 'busy' },
  COMPLETE: { text: 'Complete', tone: 'good' },
  FAILED: { text: 'Failed', tone: 'bad' },
  CANCELLED: { text: 'Cancelled', tone: 'idle' },
  INTERRUPTED: { text: 'Interrupted', tone: 'warn' },
};

const phaseWords: Record<RunPhase, string> = {
  PREPARING: 'Preparing',
  FREEZING: 'Freezing the view',
  READING: 'Reading',
  COMMITTING: 'Committing',
  CLEANING: 'Cleaning up',
  RESTORING: 'Restoring',
  SCRUBBING: 'Reading and checking',
  HEALING: 'Healing from copies',
  DONE: 'Done',
};

const order: readonly RunPhase[] = [
  'PREPARING',
  'FREEZING',
  'READING',
  'RESTORING',
  'SCRUBBING',
  'HEALING',
  'COMMITTING',
  'CLEANING',
];

const phasesOf: Record<RunKind, readonly RunPhase[]> = {
  BACKUP: ['PREPARING', 'FREEZING', 'READING', 'COMMITTING', 'CLEANING'],
  RESTORE: ['PREPARING', 'RESTORING', 'COMMITTING'],
  KEEP: ['PREPARING', 'READING', 'COMMITTING'],
  REBUILD: ['PREPARING', 'RESTORING'],
  RECLAIM: ['PREPARING', 'CLEANING'],
  COPY: ['PREPARING', 'READING'],
  SCRUB: ['PREPARING', 'SCRUBBING'],
};

export function phaseWord(kind: RunKind, phase: RunPhase): string {
  if (kind === 'REBUILD' && phase === 'RESTORING') return 'Rebuilding';
  if (kind === 'COPY' && phase === 'READING') return 'Copying';
  if (kind === 'RECLAIM' && phase === 'CLEANING') return 'Freeing space';
  return phaseWords[phase];
}

/** The phases this run goes through, in order: those of its kind, less those that a finished one never entered. */
export function phasesFor(run: Run): readonly RunPhase[] {
  const entered = new Set(run.phases.map(({ phase }) => phase));
  const usual = run.state === 'COMPLETE' ? [] : phasesOf[run.kind];
  return order.filter((phase) => entered.has(phase) || usual.includes(phase));
}

/** The phase that the run is in, or in which it ended before its time. Cleaning up is done after a failure too. */
export function phaseReached(run: Run): RunPhase | undefined {
  if (isActive(run)) return run.phase;
  return run.phases.findLast(({ phase }) => phase !== 'DONE' && phase !== 'CLEANING')?.phase;
}

export function runTitle(run: Run): string {
  const subject = run.machineName ? ` of ${run.machineName}` : '';
  return `${kindWords[run.kind]}${subject}`;
}
