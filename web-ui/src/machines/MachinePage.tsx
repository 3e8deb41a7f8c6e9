import { Anchor, Button, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { useFreshness } from '../api/live';
import { isActive, type Machine, type Run } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { PointTable } from '../points/PointTable';
import { RunTable } from '../runs/RunTable';
import { confirm } from '../ui/confirm';
import { EmptyState } from '../ui/EmptyState';
import { notifyDone, notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { CardSkeleton, PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { BackUpButton } from './BackUpButton';
import { MachineFacts } from './MachineFacts';

const RECENT = 10;

export function MachinePage() {
  const { id = '' } = useParams();
  const refetchInterval = useFreshness<Machine>(({ lastRun }) => lastRun != null && isActive(lastRun));
  const query = useQuery({ ...queries.machine(id), refetchInterval });
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(machine) => <MachineDetail machine={machine} />}
    </QueryView>
  );
}

function MachineDetail({ machine }: { machine: Machine }) {
  const points = useQuery(queries.points(machine.id));
  const refetchInterval = useFreshness<{ items: Run[] }>(({ items }) => items.some(isActive));
  const runs = useQuery({
    ...queries.runs({ machineId: machine.id, page: 0, size: RECENT }),
    refetchInterval,
  });
  return (
    <>
      <PageHeader
        title={machine.name}
        description={machine.description}
        back={{ to: '/machines', label: 'Machines' }}
        actions={
          <>
            <BackUpButton machine={machine} />
            <Button component={Link} to={`/machines/${machine.id}/edit`} variant="default">
              Edit
            </Button>
            <RemoveButton machine={machine} />
          </>
        }
      />
      <Stack gap={28}>
        <MachineFacts machine={machine} />
        <Section title="Recovery points">
          <QueryView query={points} skeleton={<CardSkeleton rows={4} />}>
            {(list) =>
              list.length > 0 ? (
                <PointTable label={`Recovery points of ${machine.name}`} points={list} />
              ) : (
                <EmptyState icon={IconHistory} title="No recovery point yet">
                  Choose “Back up now”: the first backup reads every allocated block, the next ones only what
                  changed.
                </EmptyState>
              )
            }
          </QueryView>
        </Section>
        <Section
          title="Runs"
          action={
            <Anchor component={Link} to={`/runs?machineId=${machine.id}`} size="sm">
              All runs of this machine
            </Anchor>
          }
        >
          <QueryView query={runs} skeleton={<CardSkeleton rows={3} />}>
            {({ items }) =>
              items.length > 0 ? (
                <RunTable label={`Runs of ${machine.name}`} runs={items} />
              ) : (
                <CardNote>Nothing has run for this machine yet.</CardNote>
              )
            }
          </QueryView>
        </Section>
      </Stack>
    </>
  );
}

function CardNote({ children }: { children: string }) {
  return <p style={{ margin: 0, color: 'var(--mantine-color-dimmed)' }}>{children}</p>;
}

function RemoveButton({ machine }: { machine: Machine }) {
  const navigate = useNavigate();
  const remove = useCommand('deleteMachine');
  return (
    <Button
      variant="default"
      loading={remove.isPending}
      onClick={() =>
        confirm({
          title: `Remove ${machine.name}?`,
          body: 'Nightjar stops protecting this machine. Its recovery points stay in the repository until they are deleted.',
          confirm: 'Remove the machine',
          danger: true,
          onConfirm: () =>
            remove.mutate(machine.id, {
              onSuccess: () => {
                notifyDone(`${machine.name} is no longer protected.`);
                void navigate('/machines');
              },
              onError: (error) => notifyProblem(`Cannot remove ${machine.name}`, error),
            }),
        })
      }
    >
      Remove
    </Button>
  );
}
