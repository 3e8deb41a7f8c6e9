import { Anchor, Card } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { Link } from 'react-router';
import type { Machine } from '../api/model';
import { queries } from '../api/queries';
import { Facts, type Fact } from '../ui/Facts';
import { When } from '../ui/When';
import { sourceWords } from './source';

export function MachineFacts({ machine }: { machine: Machine }) {
  const { source, policyIds, createdAt } = machine;
  const facts: Fact[] = [
    { label: 'Source', value: sourceWords[source.type] },
    ...sourceFacts(machine),
    { label: 'Policies', value: <PolicyLinks ids={policyIds} /> },
    { label: 'Added', value: <When instant={createdAt} full /> },
  ];
  return (
    <Card>
      <Facts facts={facts} />
    </Card>
  );
}

function sourceFacts({ source }: Machine): Fact[] {
  switch (source.type) {
    case 'qmp':
      return [
        { label: 'QMP socket', value: <code>{source.socket}</code> },
        { label: 'Disks', value: source.disks?.length ? source.disks.join(', ') : 'All writable disks' },
        { label: 'Scratch directory', value: source.scratchDirectory },
        { label: 'NBD server', value: source.nbdServer && <code>{source.nbdServer}</code> },
      ];
    case 'nbd':
      return (source.disks ?? []).map(({ name, uri, dirtyBitmap }) => ({
        label: `Disk ${name}`,
        value: (
          <>
            <code>{uri}</code>
            {dirtyBitmap && <> with bitmap {dirtyBitmap}</>}
          </>
        ),
      }));
  }
}

function PolicyLinks({ ids }: { ids: readonly string[] }) {
  const { data } = useQuery({ ...queries.policies(), enabled: ids.length > 0 });
  if (ids.length === 0) {
    return (
      <>
        None, backed up by hand only.{' '}
        <Anchor component={Link} to="/policies" underline="always">
          Choose a policy
        </Anchor>
      </>
    );
  }
  return ids.map((id, index) => (
    <Fragment key={id}>
      {index > 0 && ', '}
      <Anchor component={Link} to={`/policies/${id}`}>
        {data?.find((policy) => policy.id === id)?.name ?? '…'}
      </Anchor>
    </Fragment>
  ));
}
