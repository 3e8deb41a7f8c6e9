import { Anchor, Button, Text } from '@mantine/core';
import { IconPlus, IconServer2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useFreshness } from '../api/live';
import { isActive, type Machine } from '../api/model';
import { queries } from '../api/queries';
import { RunStateBadge } from '../runs/RunStateBadge';
import { DataTable, type Column } from '../ui/DataTable';
import { EmptyState } from '../ui/EmptyState';
import { PageHeader } from '../ui/PageHeader';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { When } from '../ui/When';
import { BackUpButton } from './BackUpButton';
import { address, sourceWords } from './source';

const columns: readonly Column<Machine>[] = [
  {
    header: 'Machine',
    main: true,
    cell: (machine) => (
      <>
        <Anchor component={Link} to={`/machines/${machine.id}`} className="nj-wrap">
          {machine.name}
        </Anchor>
        {machine.description && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {machine.description}
          </Text>
        )}
      </>
    ),
  },
  {
    header: 'Source',
    cell: ({ source }) => (
      <>
        {sourceWords[source.type]}
        <Text size="sm" c="dimmed" className="nj-wrap" lineClamp={2}>
          {address(source)}
        </Text>
      </>
    ),
  },
  {
    header: 'Last recovery point',
    cell: ({ lastPoint }) => (lastPoint ? <When instant={lastPoint.instant} /> : 'None yet'),
  },
  {
    header: 'Last run',
    cell: ({ lastRun }) =>
      lastRun ? (
        <Link to={`/runs/${lastRun.id}`} aria-label={`Last run: ${lastRun.state.toLowerCase()}`}>
          <RunStateBadge state={lastRun.state} />
        </Link>
      ) : (
        '–'
      ),
  },
  {
    header: 'Actions',
    action: true,
    cell: (machine) => <BackUpButton machine={machine} compact />,
  },
];

export function MachinesPage() {
  const refetchInterval = useFreshness<Machine[]>((machines) =>
    machines.some(({ lastRun }) => lastRun && isActive(lastRun)),
  );
  const query = useQuery({ ...queries.machines(), refetchInterval });
  return (
    <>
      <PageHeader
        title="Machines"
        description="What is protected: running QEMU machines and their disks."
        actions={
          query.data && query.data.length > 0 ? (
            <Button component={Link} to="/machines/new" leftSection={<IconPlus size={17} aria-hidden />}>
              Add a machine
            </Button>
          ) : undefined
        }
      />
      <QueryView query={query} skeleton={<CardSkeleton rows={5} />}>
        {(machines) =>
          machines.length > 0 ? (
            <DataTable label="Machines" rows={machines} columns={columns} rowKey={({ id }) => id} />
          ) : (
            <EmptyState
              icon={IconServer2}
              title="No machine yet"
              action={
                <Button component={Link} to="/machines/new" leftSection={<IconPlus size={17} aria-hidden />}>
                  Add a machine
                </Button>
              }
            >
              Have the path of its QMP socket, or the address of its NBD export, at hand. The machine keeps
              running.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}
