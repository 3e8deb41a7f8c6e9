import { Button, Card, Stack } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { isActive, type Damage, type RepositoryInfo, type Run, type Scrub } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { bytes, count, plural } from '../format/bytes';
import { EmptyState } from '../ui/EmptyState';
import { Facts } from '../ui/Facts';
import { notifyProblem } from '../ui/notify';
import { CardSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { When } from '../ui/When';
import { DamageTables } from './DamageTables';
import classes from './RepositoryPage.module.css';

const DAY = 86_400;

/** When what is stored was proven, and what was found to be damaged. */
export function ScrubSection({ repository }: { repository: RepositoryInfo }) {
  const scrub = useQuery({ ...queries.scrub(repository.id), refetchInterval: 30_000 });
  const damage = useQuery({ ...queries.damage(repository.id), refetchInterval: 30_000 });
  const runs = useQuery(queries.runs({ kind: 'SCRUB', page: 0, size: 20 }));
  const last = runs.data?.items.find(({ target }) => target === repository.location);
  return (
    <Section title="Scrub">
      <Stack gap="md">
        <Card>
          <Stack gap="lg">
            <div className={classes.rebuild}>
              <p>
                Every pack is read again and checked from its first byte to its last, by itself and a little
                every day. What is damaged is mended from what the repository still has, or by the next backup
                that meets the same content.
              </p>
              <ScrubButton repositoryId={repository.id} last={last} />
            </div>
            <QueryView query={scrub} skeleton={<CardSkeleton rows={2} />}>
              {(proofs) => <ProofFacts proofs={proofs} last={last} />}
            </QueryView>
          </Stack>
        </Card>
        <QueryView query={damage} skeleton={<CardSkeleton rows={2} />}>
          {(found) => (
            <Found
              damage={found}
              proofs={scrub.data}
              elsewhere={repository.role === 'PRIMARY' ? undefined : repository.id}
            />
          )}
        </QueryView>
      </Stack>
    </Section>
  );
}

function ProofFacts({ proofs, last }: { proofs: Scrub; last: Run | undefined }) {
  return (
    <Facts
      facts={[
        {
          label: 'Oldest proof',
          value: proofs.oldestProofAt && <When instant={proofs.oldestProofAt} full />,
        },
        { label: 'Every pack within', value: plural(Math.round(proofs.withinSeconds / DAY), 'day') },
        {
          label: 'Not read since written',
          value: `${count(proofs.neverChecked)} of ${plural(proofs.packs, 'pack')}`,
        },
        { label: 'Last scrub', value: last && <LastScrub run={last} /> },
      ]}
    />
  );
}

function LastScrub({ run }: { run: Run }) {
  const words = isActive(run) ? (
    <>
      {bytes(run.bytesDone)} of {bytes(run.bytesTotal)} read
    </>
  ) : (
    <When instant={run.finishedAt ?? run.createdAt} />
  );
  return <Link to={`/runs/${run.id}`}>{words}</Link>;
}

interface FoundProps {
  damage: Damage;
  proofs: Scrub | undefined;
  elsewhere: string | undefined;
}

function Found({ damage, proofs, elsewhere }: FoundProps) {
  if (damage.packs.length > 0 || damage.points.length > 0)
    return <DamageTables damage={damage} elsewhere={elsewhere} />;
  return (
    <EmptyState icon={IconShieldCheck} title="No damage is known">
      {proofs && proofs.neverChecked === proofs.packs
        ? 'Nothing was read again yet since it was written.'
        : 'Everything that was read again is as it was written.'}
    </EmptyState>
  );
}

function ScrubButton({ repositoryId, last }: { repositoryId: string; last: Run | undefined }) {
  const navigate = useNavigate();
  const scrub = useCommand('scrub');
  const active = last && isActive(last);
  return (
    <Button
      variant="default"
      loading={scrub.isPending}
      disabled={active}
      onClick={() =>
        scrub.mutate(repositoryId, {
          onSuccess: (run) => void navigate(`/runs/${run.id}`),
          onError: (error) => notifyProblem('Cannot scrub', error),
        })
      }
    >
      {active ? 'Scrubbing' : 'Scrub everything now'}
    </Button>
  );
}
