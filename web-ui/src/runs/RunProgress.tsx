import { Progress } from '@mantine/core';
import { isActive, type Run } from '../api/model';
import { bytes, rate } from '../format/bytes';
import { roughSpan, span } from '../format/time';
import { useNow } from '../ui/useNow';
import classes from './RunProgress.module.css';

const SECOND = 1_000;

/** The bar and its numbers. Their places are fixed: while a run is alive nothing on the page moves. */
export function RunProgress({ run }: { run: Run }) {
  const active = isActive(run);
  const now = useNow(active);
  const percent = progressPercent(run);
  const started = run.startedAt ? Date.parse(run.startedAt) : undefined;
  const ended = run.finishedAt ? Date.parse(run.finishedAt) : now;
  const elapsed = started === undefined ? undefined : Math.max(0, ended - started);
  const speed = active ? run.bytesPerSecond : elapsed ? (run.bytesDone * SECOND) / elapsed : 0;
  return (
    <div className={classes.progress}>
      <div className={classes.head}>
        <span className={classes.percent}>{headline(run, percent)}</span>
        {run.bytesTotal > 0 && (
          <span className={classes.amount}>
            {bytes(run.bytesDone)} of {bytes(run.bytesTotal)}
          </span>
        )}
      </div>
      <Progress.Root size={10} radius="xl">
        <Progress.Section
          value={percent ?? (run.state === 'RUNNING' ? 100 : 0)}
          color={barColor(run)}
          animated={run.state === 'RUNNING'}
          striped={run.state === 'RUNNING'}
          aria-label="Progress of the run"
        />
      </Progress.Root>
      <dl className={classes.numbers}>
        <div>
          <dt>{active ? 'Rate' : 'Rate on average'}</dt>
          <dd>{speed > 0 ? rate(speed) : '–'}</dd>
        </div>
        <div>
          <dt>Elapsed</dt>
          <dd>{elapsed === undefined ? '–' : (active ? roughSpan : span)(elapsed)}</dd>
        </div>
        {active && (
          <div>
            <dt>Left</dt>
            <dd>{left(run)}</dd>
          </div>
        )}
        {run.kind === 'BACKUP' && (
          <>
            <div>
              <dt>New content</dt>
              <dd>{bytes(sum(run, 'newBytes'))}</dd>
            </div>
            <div>
              <dt>Known already</dt>
              <dd>{bytes(sum(run, 'deduplicatedBytes'))}</dd>
            </div>
            {!active && (
              <div>
                <dt>Stored</dt>
                <dd>{bytes(sum(run, 'storedBytes'))}</dd>
              </div>
            )}
          </>
        )}
      </dl>
    </div>
  );
}

/** Nothing to read is complete, not zero per cent. */
export function progressPercent(run: Run): number | undefined {
  if (run.state === 'COMPLETE') return 100;
  if (run.bytesTotal <= 0) return undefined;
  const percent = (100 * run.bytesDone) / run.bytesTotal;
  return Math.min(isActive(run) ? 99 : 100, percent);
}

function headline(run: Run, percent: number | undefined): string {
  if (percent !== undefined) return `${Math.floor(percent)} %`;
  return run.state === 'RUNNING' ? 'Working' : '–';
}

function barColor(run: Run): string {
  switch (run.state) {
    case 'COMPLETE':
      return 'var(--nj-good-solid)';
    case 'FAILED':
      return 'var(--nj-bad-solid)';
    case 'INTERRUPTED':
      return 'var(--nj-warn-solid)';
    case 'CANCELLED':
      return 'var(--nj-idle-solid)';
    case 'QUEUED':
    case 'RUNNING':
      return 'var(--nj-busy-solid)';
  }
}

function left(run: Run): string {
  return run.etaSeconds == null || run.bytesPerSecond <= 0
    ? '–'
    : `about ${roughSpan(run.etaSeconds * SECOND)}`;
}

function sum(run: Run, field: 'storedBytes' | 'newBytes' | 'deduplicatedBytes'): number {
  return run.disks.reduce((total, disk) => total + disk[field], 0);
}
