import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../api/queries';
import { EmptyState } from '../ui/EmptyState';
import { PageHeader } from '../ui/PageHeader';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { ExportTable } from './ExportTable';

const REFRESH_MILLIS = 5_000;

export function ExportsPage() {
  const query = useQuery({ ...queries.exports(), refetchInterval: REFRESH_MILLIS });
  return (
    <>
      <PageHeader
        title="Exports"
        description="Recovery points that are served as disks over NBD, to boot from, to attach or to copy."
      />
      <QueryView query={query} skeleton={<CardSkeleton rows={3} />}>
        {(exports) =>
          exports.length > 0 ? (
            <ExportTable label="Exports" exports={exports} />
          ) : (
            <EmptyState
              icon={IconPlugConnected}
              title="Nothing is served"
              action={
                <Button component={Link} to="/points">
                  Go to the recovery points
                </Button>
              }
            >
              Open a recovery point to boot a machine from it, or to attach it as a disk.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}
