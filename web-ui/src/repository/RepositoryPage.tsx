import { Button, Card, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { RepositoryInfo } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { bytes, count } from '../format/bytes';
import { confirm } from '../ui/confirm';
import { Facts } from '../ui/Facts';
import { Notice } from '../ui/Notice';
import { notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { Stat, Stats } from '../ui/Stat';
import classes from './RepositoryPage.module.css';

const kinds: Record<string, string> = { directory: 'Directory' };

export function RepositoryPage() {
  const query = useQuery({ ...queries.repository(), refetchInterval: 30_000 });
  return (
    <>
      <PageHeader
        title="Repository"
        description="Where packs and recovery points are kept. It is all that is needed to restore."
      />
      <QueryView query={query} skeleton={<PageSkeleton />}>
        {(repository) => <RepositoryDetail repository={repository} />}
      </QueryView>
    </>
  );
}

function RepositoryDetail({ repository }: { repository: RepositoryInfo }) {
  return (
    <Stack gap={28}>
      {repository.catalog === 'NEEDS_REBUILD' && (
        <Notice title="The catalog does not know what the repository holds">
          The database is new or from an old copy. Rebuild the catalog, below, to bring the recovery points
          back.
        </Notice>
      )}
      <Stats>
        <Stat label="Stored" value={bytes(repository.bytes)} note="in packs" />
        <Stat label="Packs" value={count(repository.packs)} />
        <Stat label="Recovery points" value={count(repository.points)} />
        <Stat
          label="Distinct chunks, map nodes"
          value={count(repository.chunks)}
          note={`of ${bytes(repository.chunkSize)}`}
        />
      </Stats>
      <Card>
        <Facts
          facts={[
            { label: 'Location', value: <code>{repository.location}</code> },
            { label: 'Kind', value: kinds[repository.kind] ?? repository.kind },
            { label: 'Chunk size', value: bytes(repository.chunkSize) },
            { label: 'Format version', value: repository.formatVersion },
            { label: 'Repository id', value: <code>{repository.id}</code> },
          ]}
        />
      </Card>
      <Section title="Space">
        <Card>
          <div className={classes.rebuild}>
            <p>
              Deleting a recovery point frees what only it needed. That happens by itself: what no point needs
              is found within minutes and deleted after a grace period, beside running backups.
            </p>
            <ReclaimButton />
          </div>
        </Card>
      </Section>
      <Section title="Catalog">
        <Card>
          <div className={classes.rebuild}>
            <p>
              The catalog in PostgreSQL is a cache of the repository. If the database was lost or put back
              from an old copy, rebuild it: Nightjar reads the packs’ directories and the points’ records.
            </p>
            <RebuildButton />
          </div>
        </Card>
      </Section>
    </Stack>
  );
}

function ReclaimButton() {
  const navigate = useNavigate();
  const reclaim = useCommand('reclaim');
  return (
    <Button
      variant="default"
      loading={reclaim.isPending}
      onClick={() =>
        reclaim.mutate(undefined, {
          onSuccess: (run) => void navigate(`/runs/${run.id}`),
          onError: (error) => notifyProblem('Cannot reclaim space', error),
        })
      }
    >
      Reclaim now
    </Button>
  );
}

function RebuildButton() {
  const navigate = useNavigate();
  const rebuild = useCommand('rebuild');
  return (
    <Button
      variant="default"
      loading={rebuild.isPending}
      onClick={() =>
        confirm({
          title: 'Rebuild the catalog?',
          body: 'Takes seconds to minutes, depending on the number of packs. Recovery points are not changed.',
          confirm: 'Rebuild',
          onConfirm: () =>
            rebuild.mutate(undefined, {
              onSuccess: (run) => void navigate(`/runs/${run.id}`),
              onError: (error) => notifyProblem('Cannot rebuild the catalog', error),
            }),
        })
      }
    >
      Rebuild the catalog
    </Button>
  );
}
