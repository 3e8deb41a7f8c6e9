import { Button, Card } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useCommand } from '../api/queries';
import { confirm } from '../ui/confirm';
import { notifyProblem } from '../ui/notify';
import { Section } from '../ui/Section';
import classes from './RepositoryPage.module.css';

interface SectionProps {
  repositoryId: string;
}

export function SpaceSection({ repositoryId }: SectionProps) {
  return (
    <Section title="Space">
      <Card>
        <div className={classes.rebuild}>
          <p>
            Deleting a recovery point frees what only it needed. That happens by itself: what no point needs
            is found within minutes and deleted after a grace period, beside running backups.
          </p>
          <ReclaimButton repositoryId={repositoryId} />
        </div>
      </Card>
    </Section>
  );
}

export function CatalogSection({ repositoryId }: SectionProps) {
  return (
    <Section title="Catalog">
      <Card>
        <div className={classes.rebuild}>
          <p>
            The catalog in PostgreSQL is a cache of the repository. If the database was lost or put back from
            an old copy, rebuild it: Nightjar reads the packs’ directories and the points’ records.
          </p>
          <RebuildButton repositoryId={repositoryId} />
        </div>
      </Card>
    </Section>
  );
}

function ReclaimButton({ repositoryId }: SectionProps) {
  const navigate = useNavigate();
  const reclaim = useCommand('reclaim');
  return (
    <Button
      variant="default"
      loading={reclaim.isPending}
      onClick={() =>
        reclaim.mutate(repositoryId, {
          onSuccess: (run) => void navigate(`/runs/${run.id}`),
          onError: (error) => notifyProblem('Cannot reclaim space', error),
        })
      }
    >
      Reclaim now
    </Button>
  );
}

function RebuildButton({ repositoryId }: SectionProps) {
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
            rebuild.mutate(repositoryId, {
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
