import { Button, Group, Pagination, Select } from '@mantine/core';
import { IconFilterOff, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { useFreshness } from '../api/live';
import { isActive, type Run, type RunKind, type RunState } from '../api/model';
import { queries } from '../api/queries';
import { plural } from '../format/bytes';
import { EmptyState } from '../ui/EmptyState';
import { PageHeader } from '../ui/PageHeader';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { RunTable } from './RunTable';
import { kindWords, stateWords } from './words';

const PAGE_SIZE = 20;

/** The filters live in the address, so that they survive a reload and can be sent to somebody. */
/** Where the table's words would not fit. */
const shortKinds: Partial<Record<RunKind, string>> = { REBUILD: 'Rebuild', RECLAIM: 'Reclaim' };

export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const machineId = search.get('machineId') ?? undefined;
  const kind = oneOf(kindWords, search.get('kind'));
  const state = oneOf(stateWords, search.get('state'));
  const page = Math.max(1, Number(search.get('page') ?? 1) || 1);
  const filtered = Boolean(machineId ?? kind ?? state);

  const machines = useQuery(queries.machines());
  const refetchInterval = useFreshness<{ items: Run[] }>(({ items }) => items.some(isActive), 30_000);
  const query = useQuery({
    ...queries.runs({ machineId, kind, state, page: page - 1, size: PAGE_SIZE }),
    refetchInterval,
  });

  const set = (name: string, value: string | null) =>
    setSearch((previous) => {
      const next = new URLSearchParams(previous);
      if (name !== 'page') next.delete('page');
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });

  return (
    <>
      <PageHeader title="Runs" description="Every backup, restore and rebuild, newest first." />
      <Group mb="md" gap="sm" align="flex-end" role="group" aria-label="Filters">
        <Select
          label="Machine"
          placeholder="Any"
          clearable
          searchable
          flex="1 1 170px"
          maw={220}
          data={(machines.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={machineId ?? null}
          onChange={(value) => set('machineId', value)}
        />
        <Select
          label="Kind"
          placeholder="Any"
          clearable
          flex="1 1 140px"
          maw={170}
          data={(Object.keys(kindWords) as RunKind[]).map((value) => ({
            value,
            label: shortKinds[value] ?? kindWords[value],
          }))}
          value={kind ?? null}
          onChange={(value) => set('kind', value)}
        />
        <Select
          label="State"
          placeholder="Any"
          clearable
          flex="1 1 140px"
          maw={170}
          data={(Object.keys(stateWords) as RunState[]).map((value) => ({
            value,
            label: stateWords[value].text,
          }))}
          value={state ?? null}
          onChange={(value) => set('state', value)}
        />
      </Group>
      <QueryView query={query} skeleton={<CardSkeleton rows={8} />}>
        {({ items, total }) =>
          items.length > 0 ? (
            <>
              <RunTable label="Runs" runs={items} />
              <Group justify="space-between" mt="md">
                <span style={{ color: 'var(--mantine-color-dimmed)' }}>{plural(total, 'run')}</span>
                {total > PAGE_SIZE && (
                  <Pagination
                    total={Math.ceil(total / PAGE_SIZE)}
                    value={page}
                    onChange={(value) => set('page', value === 1 ? null : `${value}`)}
                    getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                    getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
                  />
                )}
              </Group>
            </>
          ) : filtered || page > 1 ? (
            <EmptyState
              icon={IconFilterOff}
              title="No run matches"
              action={
                <Button variant="default" onClick={() => setSearch({})}>
                  Show all runs
                </Button>
              }
            >
              Other machines, kinds or states may have some.
            </EmptyState>
          ) : (
            <EmptyState
              icon={IconPlayerPlay}
              title="Nothing has run yet"
              action={
                <Button component={Link} to="/machines">
                  Go to the machines
                </Button>
              }
            >
              Open a machine and choose “Back up now”, or make a policy that does it on a schedule.
            </EmptyState>
          )
        }
      </QueryView>
    </>
  );
}

function oneOf<K extends string>(known: Record<K, unknown>, value: string | null): K | undefined {
  return value !== null && value in known ? (value as K) : undefined;
}
