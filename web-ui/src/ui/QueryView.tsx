import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CardSkeleton } from './PageSkeleton';
import { ProblemAlert } from './ProblemAlert';

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
