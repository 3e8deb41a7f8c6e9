import { Card, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Point } from '../api/model';
import { queries } from '../api/queries';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { ExportTable } from './ExportTable';
import { OpenExportButton } from './OpenExportButton';

const REFRESH_MILLIS = 5_000;

/** The exports of a point, and a way to open one more. */
export function PointExports({ point }: { point: Point }) {
  const query = useQuery({ ...queries.exports(), refetchInterval: REFRESH_MILLIS });
  return (
    <Section title="Boot / attach" action={<OpenExportButton point={point} />}>
      <QueryView query={query} skeleton={<CardSkeleton rows={1} />}>
        {(exports) => {
          const own = exports.filter(
            ({ pointId, repositoryId }) => pointId === point.id && repositoryId === point.repositoryId,
          );
          return own.length > 0 ? (
            <ExportTable label="Exports of this point" exports={own} ofOnePoint />
          ) : (
            <Card>
              <Text size="sm" c="dimmed">
                The point is not served. Open it to boot a machine from it, to attach it as a disk, or to copy
                it with any NBD tool. It is ready at once, whatever its size, and stays as it is: what is
                written goes into an overlay, to be kept as a new point or discarded.
              </Text>
            </Card>
          );
        }}
      </QueryView>
    </Section>
  );
}
