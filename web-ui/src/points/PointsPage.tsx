import { Button, Select, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Point } from '../api/model';
import { queries } from '../api/queries';
import { plural } from '../format/bytes';
import { EmptyState } from '../ui/EmptyState';
import { PageHeader } from '../ui/PageHeader';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { byMachine } from './grouping';
import { PointTable } from './PointTable';

export function PointsPage() {
  const [search, setSearch] = useSearchParams();
  const elsewhere = search.get('repositoryId') ?? undefined;
  const query = useQuery(queries.points(undefined, elsewhere));
  const choose = (key: string, value: string | null) =>
    setSearch((before) => {
      if (value) before.set(key, value);
      else before.delete(key);
      return before;
    });
  return (
    <>
      <PageHeader
        title="Recovery points"
        description="Each one is a complete disk at one instant. It restores, and is deleted, without regard to the others."
      />
      <RepositorySelect value={elsewhere} onChange={(id) => choose('repositoryId', id)} />
      <QueryView query={query} skeleton={<CardSkeleton rows={8} />}>
        {(points) =>
          points.length > 0 ? (
            <Points
              points={points}
              elsewhere={elsewhere}
              machineId={search.get('machineId')}
              onMachine={(id) => choose('machineId', id)}
            />
          ) : (
            <EmptyState
              icon={IconHistory}
              title="No recovery point yet"
              action={
                <Button component={Link} to="/machines">
                  Go to the machines
                </Button>
              }
            >
              The first complete backup of a machine makes one for each of its disks.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}

interface RepositorySelectProps {
  value: string | undefined;
  /** Null for the primary one. */
  onChange: (repositoryId: string | null) => void;
}

/** Where to look for points; copies are restored like their originals, also when those are lost. */
function RepositorySelect({ value, onChange }: RepositorySelectProps) {
  const { data = [] } = useQuery(queries.repositories());
  const primary = data.find(({ role }) => role === 'PRIMARY')?.id ?? null;
  if (data.length < 2) return null;
  return (
    <Select
      label="Repository"
      w={240}
      mb="lg"
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={value ?? primary}
      allowDeselect={false}
      onChange={(id) => onChange(id === primary ? null : id)}
    />
  );
}

interface PointsProps {
  points: readonly Point[];
  elsewhere: string | undefined;
  machineId: string | null;
  onMachine: (machineId: string | null) => void;
}

function Points({ points, elsewhere, machineId, onMachine }: PointsProps) {
  const machines = byMachine(points);
  const shown = machineId ? machines.filter((machine) => machine.id === machineId) : machines;
  return (
    <Stack gap={28}>
      {(machines.length > 1 || machineId) && (
        <Select
          label="Machine"
          placeholder="Any"
          clearable
          searchable
          w={240}
          data={machines.map(({ id, name }) => ({ value: id, label: name }))}
          value={machineId}
          onChange={onMachine}
        />
      )}
      {shown.map(({ id, name, disks }) => (
        <Stack key={id} gap="lg">
          {disks.map((disk) => (
            <Section
              key={disk.name}
              title={`${name}, disk ${disk.name}`}
              action={
                <span style={{ color: 'var(--mantine-color-dimmed)' }}>
                  {plural(disk.points.length, 'point')}
                </span>
              }
            >
              <PointTable
                label={`Recovery points of ${name}, disk ${disk.name}`}
                points={disk.points}
                elsewhere={elsewhere}
              />
            </Section>
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
