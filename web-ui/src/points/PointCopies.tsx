import { Anchor, Card, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Point, PointCopy } from '../api/model';
import { queries } from '../api/queries';
import { DataTable, type Column } from '../ui/DataTable';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { StatusBadge } from '../ui/StatusBadge';
import { pointPath } from './path';

const columns = (pointId: string): readonly Column<PointCopy>[] => [
  {
    header: 'Repository',
    main: true,
    cell: ({ repositoryId, location }) => (
      <Anchor component={Link} to={`/repository/${repositoryId}`} className="nj-wrap">
        {location ?? 'A repository that cannot be opened'}
      </Anchor>
    ),
  },
  { header: 'This point', cell: (copy) => <Presence pointId={pointId} copy={copy} /> },
];

function Presence({ pointId, copy }: { pointId: string; copy: PointCopy }) {
  const { repositoryId, present, error } = copy;
  if (present === undefined) return <StatusBadge tone="warn">{`Unknown: ${error ?? ''}`}</StatusBadge>;
  return present ? (
    <Anchor component={Link} to={pointPath(pointId, repositoryId)}>
      Is there
    </Anchor>
  ) : (
    <StatusBadge tone="idle">Not there</StatusBadge>
  );
}

/** Which other repositories have the point. */
export function PointCopies({ point }: { point: Point }) {
  const query = useQuery(queries.pointCopies(point));
  return (
    <Section title="Where else it is">
      <QueryView query={query} skeleton={<CardSkeleton rows={1} />}>
        {(copies) =>
          copies.length > 0 ? (
            <DataTable
              label="Copies of this point"
              rows={copies}
              columns={columns(point.id)}
              rowKey={({ repositoryId }) => repositoryId}
            />
          ) : (
            <Card>
              <Text size="sm" c="dimmed">
                Nowhere. A{' '}
                <Anchor component={Link} to="/repository/new" underline="always">
                  second repository
                </Anchor>
                , on another disk or in a bucket, takes copies.
              </Text>
            </Card>
          )
        }
      </QueryView>
    </Section>
  );
}
