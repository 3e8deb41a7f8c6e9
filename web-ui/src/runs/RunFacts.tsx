import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { HealedFrom, Run } from '../api/model';
import { plural } from '../format/bytes';
import { Facts } from '../ui/Facts';
import { When } from '../ui/When';

const originWords: Record<HealedFrom['origin'], string> = {
  REPOSITORY: 'from what the repository itself still had',
  COPY: 'from the copies in',
  SOURCE: 'from the machine’s disks',
};

/** How many damaged chunks can be read again, and where they came from. */
function Healed({ from }: { from: readonly HealedFrom[] }) {
  return from.map(({ origin, location, chunks }) => (
    <div key={`${origin} ${location ?? ''}`}>
      {plural(chunks, 'damaged chunk')} {originWords[origin]} {location && <code>{location}</code>}
    </div>
  ));
}

export function RunFacts({ run }: { run: Run }) {
  return (
    <Facts
      facts={[
        {
          label: 'Machine',
          value:
            run.machineId && run.machineName ? (
              <Anchor component={Link} to={`/machines/${run.machineId}`}>
                {run.machineName}
              </Anchor>
            ) : (
              run.machineName
            ),
        },
        {
          label: 'Trigger',
          value: run.policyId ? (
            <>
              {run.trigger === 'SCHEDULE' ? 'Schedule of ' : 'By hand, through '}
              <Anchor component={Link} to={`/policies/${run.policyId}`}>
                a policy
              </Anchor>
            </>
          ) : run.trigger === 'SCHEDULE' ? (
            'By itself'
          ) : (
            'By hand'
          ),
        },
        {
          label: run.kind === 'RESTORE' ? 'Restored to' : 'Repository',
          value: run.target && <code>{run.target}</code>,
        },
        {
          label: 'Healed',
          value: run.healed.length > 0 ? <Healed from={run.healed} /> : undefined,
        },
        { label: 'Node', value: run.node },
        { label: 'Queued', value: <When instant={run.createdAt} full /> },
        { label: 'Started', value: run.startedAt && <When instant={run.startedAt} full /> },
        { label: 'Ended', value: run.finishedAt && <When instant={run.finishedAt} full /> },
        { label: 'Run id', value: <code>{run.id}</code> },
      ]}
    />
  );
}
