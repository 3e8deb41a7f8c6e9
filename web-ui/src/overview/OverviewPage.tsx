import { Anchor, Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useFreshness } from '../api/live';
import { isActive, type Overview } from '../api/model';
import { queries } from '../api/queries';
import { bytes, count, ratio } from '../format/bytes';
import { RepositoryNotice } from '../repository/RepositoryNotice';
import { RunTable } from '../runs/RunTable';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Section } from '../ui/Section';
import { Stat, Stats } from '../ui/Stat';
import { FirstDay } from './FirstDay';
import { NextRuns } from './NextRuns';
import { NodesPanel } from './NodesPanel';
import classes from './Overview.module.css';
import { ProtectionPanel } from './ProtectionPanel';

export function OverviewPage() {
  const refetchInterval = useFreshness<Overview>(({ lastRuns }) => lastRuns.some(isActive), 60_000);
  const query = useQuery({ ...queries.overview(), refetchInterval });
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          query.data && query.data.machines > 0 ? (
            <Button component={Link} to="/machines/new" variant="default">
              Add a machine
            </Button>
          ) : undefined
        }
      />
      <QueryView query={query} skeleton={<PageSkeleton />}>
        {(overview) => (
          <>
            <RepositoryNotice status={overview.repository} />
            {overview.machines === 0 ? (
              overview.repository.state !== 'NOT_CONFIGURED' && <FirstDay points={overview.points} />
            ) : (
              <Site overview={overview} />
            )}
          </>
        )}
      </QueryView>
    </>
  );
}

function Site({ overview }: { overview: Overview }) {
  const { machines, points, logicalBytes, storedBytes, lastRuns, nextRuns, protection } = overview;
  const times = ratio(logicalBytes, storedBytes);
  return (
    <Stack gap={28}>
      <ProtectionPanel machines={protection} />
      <Stats>
        <Stat label="Machines" value={count(machines)} />
        <Stat label="Recovery points" value={count(points)} note="each a complete disk" />
        <Stat label="Content of all points" value={bytes(logicalBytes)} note="as if each were stored whole" />
        <Stat
          label="Stored in the repository"
          value={bytes(storedBytes)}
          note={times ? `${times} less, each block once` : 'each block once'}
        />
      </Stats>
      <div className={classes.columns}>
        <Section
          title="Last runs"
          action={
            <Anchor component={Link} to="/runs" size="sm">
              All runs
            </Anchor>
          }
        >
          {lastRuns.length > 0 ? (
            <RunTable label="Last runs" runs={lastRuns.slice(0, 6)} />
          ) : (
            <p className={classes.nothing}>Nothing has run yet. Open a machine and choose “Back up now”.</p>
          )}
        </Section>
        <NextRuns runs={nextRuns} />
      </div>
      <NodesPanel />
    </Stack>
  );
}
