import { useQuery } from '@tanstack/react-query';
import type { Run, RunKind } from '../api/model';
import { queries } from '../api/queries';
import { PointTable } from '../points/PointTable';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';

const titles: Record<RunKind, string> = {
  BACKUP: 'Recovery points made',
  RESTORE: 'Restored from',
  KEEP: 'Recovery point made',
  REBUILD: 'Recovery points found',
  RECLAIM: '',
  COPY: 'Recovery points copied',
  SCRUB: '',
};

/** The recovery points that the run made, restored or found, those deleted since left out. */
export function RunPoints({ run }: { run: Run }) {
  const query = useQuery(queries.points(run.machineId ?? undefined));
  return (
    <Section title={titles[run.kind]}>
      <QueryView query={query} skeleton={<CardSkeleton rows={2} />}>
        {(points) => {
          const known = points.filter(({ id }) => run.pointIds.includes(id));
          return known.length > 0 ? (
            <PointTable label="Recovery points of this run" points={known} />
          ) : (
            <p style={{ margin: 0, color: 'var(--mantine-color-dimmed)' }}>They have been deleted since.</p>
          );
        }}
      </QueryView>
    </Section>
  );
}
