import { useQuery } from '@tanstack/react-query';
import type { Run } from '../api/model';
import { queries } from '../api/queries';
import { PointTable } from '../points/PointTable';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';

/** The recovery points that the run made, those deleted since left out. */
export function RunPoints({ run }: { run: Run }) {
  const query = useQuery(queries.points(run.machineId ?? undefined));
  return (
    <Section title="Recovery points made">
      <QueryView query={query} skeleton={<CardSkeleton rows={2} />}>
        {(points) => {
          const made = points.filter(({ id }) => run.pointIds.includes(id));
          return made.length > 0 ? (
            <PointTable label="Recovery points of this run" points={made} />
          ) : (
            <p style={{ margin: 0, color: 'var(--mantine-color-dimmed)' }}>They have been deleted since.</p>
          );
        }}
      </QueryView>
    </Section>
  );
}
