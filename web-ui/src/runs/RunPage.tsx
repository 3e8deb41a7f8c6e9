import { Button, Card, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useFreshness, useLiveness } from '../api/live';
import { isActive, type Run } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { confirm } from '../ui/confirm';
import { notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { ErrorBox } from '../ui/ProblemAlert';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { DiskTable } from './DiskTable';
import { PhaseSteps } from './PhaseSteps';
import { RunFacts } from './RunFacts';
import { RunPoints } from './RunPoints';
import { RunProgress } from './RunProgress';
import { RunStateBadge } from './RunStateBadge';
import { runTitle } from './words';

/** One run, as it happens and afterwards. */
export function RunPage() {
  const { id = '' } = useParams();
  const refetchInterval = useFreshness<Run>(isActive);
  const query = useQuery({ ...queries.run(id), refetchInterval });
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(run) => <RunDetail run={run} />}
    </QueryView>
  );
}

function RunDetail({ run }: { run: Run }) {
  const liveness = useLiveness();
  const active = isActive(run);
  return (
    <>
      <PageHeader
        title={runTitle(run)}
        badge={
          <span role="status">
            <RunStateBadge state={run.state} />
          </span>
        }
        description={
          active && liveness === 'polling' ? 'No live connection: asking every two seconds.' : undefined
        }
        back={{ to: '/runs', label: 'Runs' }}
        actions={active ? <CancelButton run={run} /> : undefined}
      />
      <Stack gap={28}>
        {run.error && (
          <ErrorBox
            title={run.state === 'FAILED' ? 'The run failed' : 'The run did not finish'}
            message={run.error.message}
            code={run.error.code}
            hint={run.error.hint}
          />
        )}
        <Card>
          <Stack gap="lg">
            <PhaseSteps run={run} />
            <RunProgress run={run} />
          </Stack>
        </Card>
        {run.disks.length > 0 && (
          <Section title="Disks">
            <DiskTable disks={run.disks} />
          </Section>
        )}
        {run.pointIds.length > 0 && <RunPoints run={run} />}
        <Section title="Facts">
          <Card>
            <RunFacts run={run} />
          </Card>
        </Section>
      </Stack>
    </>
  );
}

function CancelButton({ run }: { run: Run }) {
  const cancel = useCommand('cancelRun');
  return (
    <Button
      variant="default"
      loading={cancel.isPending}
      onClick={() =>
        confirm({
          title: 'Cancel this run?',
          body:
            run.kind === 'BACKUP'
              ? 'No recovery point is made. What was stored so far is reused by the next run.'
              : 'What was written so far is not usable.',
          confirm: 'Cancel the run',
          danger: true,
          onConfirm: () =>
            cancel.mutate(run, { onError: (error) => notifyProblem('Cannot cancel the run', error) }),
        })
      }
    >
      Cancel the run
    </Button>
  );
}
