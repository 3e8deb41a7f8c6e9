import { Button, Stack } from '@mantine/core';
import { IconDatabasePlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../api/queries';
import { EmptyState } from '../ui/EmptyState';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { CatalogSection, SpaceSection } from './Maintenance';
import { RepositoryActions } from './RepositoryActions';
import { RepositoryDetail } from './RepositoryDetail';
import { RepositoryTable } from './RepositoryTable';
import { ScrubSection } from './ScrubSection';

const REFRESH_MILLIS = 30_000;

/** The primary repository, and the list of the others. */
export function RepositoryPage() {
  const query = useQuery({ ...queries.repositories(), refetchInterval: REFRESH_MILLIS });
  const primary = query.data?.find(({ role }) => role === 'PRIMARY');
  return (
    <>
      <PageHeader
        title="Repository"
        description="Where packs and recovery points are kept. It is all that is needed to restore."
        actions={primary && <RepositoryActions repository={primary} />}
      />
      <QueryView query={query} skeleton={<PageSkeleton />}>
        {(repositories) =>
          primary ? (
            <Stack gap={28}>
              <RepositoryDetail repository={primary} />
              {primary.contents && <SpaceSection repositoryId={primary.id} />}
              {primary.contents && <ScrubSection repository={primary} />}
              {primary.contents && <CatalogSection repositoryId={primary.id} />}
              <Section
                title="Other repositories"
                action={
                  <Button component={Link} to="/repository/new" variant="default" size="compact-sm">
                    Add a repository
                  </Button>
                }
              >
                <RepositoryTable repositories={repositories.filter(({ id }) => id !== primary.id)} />
              </Section>
            </Stack>
          ) : (
            <EmptyState
              icon={IconDatabasePlus}
              title="No repository yet"
              action={
                <Button component={Link} to="/repository/new">
                  Create the repository
                </Button>
              }
            >
              Choose where backups go: a directory of this host, or a bucket of an object store.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}
