import { Anchor, Button, Text } from '@mantine/core';
import { IconCalendarTime, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { Policy } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { plural } from '../format/bytes';
import { inWords } from '../format/cron';
import { scheduled } from '../format/time';
import { DataTable, type Column } from '../ui/DataTable';
import { EmptyState } from '../ui/EmptyState';
import { notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { QueryView } from '../ui/QueryView';
import { StatusBadge } from '../ui/StatusBadge';

const columns: readonly Column<Policy>[] = [
  {
    header: 'Policy',
    main: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/policies/${id}`} className="nj-wrap">
        {name}
      </Anchor>
    ),
  },
  {
    header: 'Schedule',
    cell: ({ schedule, timeZone }) => (
      <>
        {inWords(schedule) ?? <code>{schedule}</code>}
        <Text size="sm" c="dimmed">
          {timeZone}
        </Text>
      </>
    ),
  },
  {
    header: 'Next run',
    cell: ({ enabled, nextRunAt, timeZone }) =>
      enabled ? (
        nextRunAt ? (
          scheduled(nextRunAt, timeZone)
        ) : (
          'None'
        )
      ) : (
        <StatusBadge tone="idle">Paused</StatusBadge>
      ),
  },
  { header: 'Keeps', cell: ({ keepLast }) => plural(keepLast, 'point') },
  { header: 'Machines', numeric: true, secondary: true, cell: ({ machineIds }) => machineIds.length },
  { header: 'Actions', action: true, cell: (policy) => <RunNow policy={policy} /> },
];

export function PoliciesPage() {
  const query = useQuery({ ...queries.policies(), refetchInterval: 60_000 });
  const add = (
    <Button component={Link} to="/policies/new" leftSection={<IconPlus size={17} aria-hidden />}>
      Make a policy
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Policies"
        description="When machines are backed up, and how many recovery points are kept."
        actions={query.data && query.data.length > 0 ? add : undefined}
      />
      <QueryView query={query}>
        {(policies) =>
          policies.length > 0 ? (
            <DataTable label="Policies" rows={policies} columns={columns} rowKey={({ id }) => id} />
          ) : (
            <EmptyState icon={IconCalendarTime} title="No policy yet" action={add}>
              A policy backs up its machines on a schedule, every night or every ten minutes, and deletes
              points beyond the number to keep.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}

function RunNow({ policy }: { policy: Policy }) {
  const navigate = useNavigate();
  const run = useCommand('runPolicy');
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={run.isPending}
      disabled={policy.machineIds.length === 0}
      aria-label={`Run ${policy.name} now`}
      onClick={() =>
        run.mutate(policy.id, {
          onSuccess: (runs) => {
            const [only, ...others] = runs;
            void navigate(only && others.length === 0 ? `/runs/${only.id}` : '/runs');
          },
          onError: (error) => notifyProblem(`Cannot run ${policy.name}`, error),
        })
      }
    >
      Run now
    </Button>
  );
}
