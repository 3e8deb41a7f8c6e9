import { Button } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ApiProblem } from '../api/problem';
import { ProblemAlert } from '../ui/ProblemAlert';

/** A page failed to load or to draw. Navigation stays. */
export function RouteError() {
  const problem = ApiProblem.from(useRouteError());
  return (
    <ProblemAlert
      title="This page cannot be shown"
      problem={problem}
      action={
        <Button size="xs" variant="default" onClick={() => window.location.reload()}>
          Reload
        </Button>
      }
    />
  );
}
