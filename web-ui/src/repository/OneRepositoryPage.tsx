import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { queries } from '../api/queries';
import { NotFound } from '../app/NotFound';
import { pointsPath } from '../points/path';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { CopySettings } from './CopySettings';
import { CatalogSection, SpaceSection } from './Maintenance';
import { RepositoryActions } from './RepositoryActions';
import { RepositoryDetail } from './RepositoryDetail';
import { ScrubSection } from './ScrubSection';

/** A repository that is not the primary one. */
export function OneRepositoryPage() {
  const { id } = useParams();
  const query = useQuery(queries.repositories());
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(repositories) => {
        const repository = repositories.find((one) => one.id === id);
        if (!repository) return <NotFound />;
        return (
          <>
            <PageHeader
              title={repository.name}
              description="Recovery points can be copied here."
              back={{ to: '/repository', label: 'Repository' }}
              actions={
                <>
                  <Button component={Link} to={pointsPath(repository.id)} variant="default">
                    Its recovery points
                  </Button>
                  <RepositoryActions repository={repository} />
                </>
              }
            />
            <Stack gap={28}>
              <RepositoryDetail repository={repository} />
              <CopySettings repositoryId={repository.id} />
              {repository.contents && <SpaceSection repositoryId={repository.id} />}
              {repository.contents && <ScrubSection repository={repository} />}
              {repository.contents && <CatalogSection repositoryId={repository.id} />}
            </Stack>
          </>
        );
      }}
    </QueryView>
  );
}
