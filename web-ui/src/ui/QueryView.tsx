import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconDatabasePlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ApiProblem } from '../api/problem';
import { EmptyState } from './EmptyState';
import { CardSkeleton } from './PageSkeleton';
import { ProblemAlert } from './ProblemAlert';

const NO_REPOSITORY = 'REPOSITORY_NOT_CONFIGURED';

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  /** As tall as what will replace it, so that nothing jumps. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/**
 * A query on screen: skeleton, then data, or the problem with a retry. Data that is already there stays when
 * asking again fails; only then the problem stands above it.
 */
export function QueryView<T>({ query, skeleton = <CardSkeleton />, children }: QueryViewProps<T>) {
  const { data, error, isFetching } = query;
  if (data === undefined && error && ApiProblem.from(error).code === NO_REPOSITORY) return <NoRepository />;
  const alert = error && (
    <ProblemAlert
      title="This cannot be shown"
      problem={error}
      action={
        <Button size="compact-sm" variant="default" loading={isFetching} onClick={() => void query.refetch()}>
          Try again
        </Button>
      }
    />
  );
  if (data === undefined) return alert ?? <div aria-busy="true">{skeleton}</div>;
  return (
    <>
      {alert && <div style={{ marginBottom: 16 }}>{alert}</div>}
      {children(data)}
    </>
  );
}

/** Of what lies in the repository nothing can be shown before there is one. */
function NoRepository() {
  return (
    <EmptyState
      icon={IconDatabasePlus}
      title="No repository yet"
      action={
        <Button component={Link} to="/repository/new">
          Create the repository
        </Button>
      }
    >
      Backups need a place first: a directory of this host, or a bucket of an object store.
    </EmptyState>
  );
}
