import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { RepositoryForm } from './RepositoryForm';

/** The first repository, or another one. */
export function NewRepositoryPage() {
  const defaults = useQuery(queries.repositoryDefaults());
  const known = useQuery(queries.repositories());
  const first = known.data?.length === 0;
  return (
    <>
      <PageHeader
        title={first ? 'Create the repository' : 'Add a repository'}
        description={
          first
            ? 'Where backups go. What is chosen here stays: a repository is moved by copying its files, and encrypted from its first day or not at all.'
            : 'A second place, for copies of recovery points.'
        }
        back={{ to: '/repository', label: 'Repository' }}
      />
      <QueryView query={defaults} skeleton={<PageSkeleton />}>
        {({ directory, minPassphrase }) => (
          <QueryView query={known} skeleton={<PageSkeleton />}>
            {(repositories) => (
              <RepositoryForm
                directory={repositories.length === 0 ? directory : ''}
                shortest={minPassphrase}
                first={repositories.length === 0}
              />
            )}
          </QueryView>
        )}
      </QueryView>
    </>
  );
}
