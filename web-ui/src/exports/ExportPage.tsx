import { Anchor, Card, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Export } from '../api/model';
import { queries } from '../api/queries';
import { bytes, count, plural } from '../format/bytes';
import { absolute } from '../format/time';
import { pointPath } from '../points/path';
import { Facts } from '../ui/Facts';
import { Notice } from '../ui/Notice';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { Stat, Stats } from '../ui/Stat';
import { StatusBadge } from '../ui/StatusBadge';
import { When } from '../ui/When';
import { ExportActions, type ExportActionsProps } from './ExportActions';
import { SnippetBlocks } from './SnippetBlocks';
import { modeWord, stateWords } from './words';

const REFRESH_MILLIS = 2_000;

export function ExportPage() {
  const { id = '' } = useParams();
  // An export that is being kept or closed may be gone before its page is, and must not be asked for.
  const [ending, setEnding] = useState(false);
  const query = useQuery({ ...queries.export(id), enabled: !ending, refetchInterval: REFRESH_MILLIS });
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(served) => <ExportDetail served={served} onEnding={setEnding} />}
    </QueryView>
  );
}

function ExportDetail({ served, onEnding }: ExportActionsProps) {
  const { text, tone } = stateWords[served.state];
  return (
    <>
      <PageHeader
        title={served.name}
        badge={<StatusBadge tone={tone}>{text}</StatusBadge>}
        description={
          <>
            {modeWord(served)}: {served.machineName}, disk {served.disk}, as it was on{' '}
            {absolute(served.instant)}
          </>
        }
        back={{ to: '/exports', label: 'Exports' }}
        actions={<ExportActions served={served} onEnding={onEnding} />}
      />
      <Stack gap={28}>
        {served.error && (
          <Notice title={`It cannot be served now: ${served.error.message} (${served.error.code})`}>
            {served.error.hint}
          </Notice>
        )}
        <ExportStats served={served} />
        <Card>
          <ExportFacts served={served} />
        </Card>
        <SnippetBlocks addresses={served.addresses} />
      </Stack>
    </>
  );
}

function ExportStats({ served: { statistics, overlay } }: { served: Export }) {
  const { clients, connections, readBytes, writtenBytes, requests, errors } = statistics;
  return (
    <Stats>
      <Stat label="Clients" value={count(clients)} note={`${plural(connections, 'connection')} so far`} />
      <Stat label="Read" value={bytes(readBytes)} note={`${count(requests)} requests`} />
      {overlay ? (
        <Stat
          label="Written"
          value={bytes(writtenBytes)}
          note={`${bytes(overlay.usedBytes)} of ${bytes(overlay.limitBytes)} taken`}
        />
      ) : (
        <Stat label="Written" value="–" note="read-only" />
      )}
      <Stat label="Errors" value={count(errors)} note={errors === 0 ? 'none' : 'see the service’s log'} />
    </Stats>
  );
}

function ExportFacts({ served }: { served: Export }) {
  return (
    <Facts
      facts={[
        ...served.addresses.map(({ uri, transport }) => ({
          label: transport === 'TCP' ? 'Address' : 'On the service’s host',
          value: <code>{uri}</code>,
        })),
        {
          label: 'Shows',
          value: (
            <Anchor component={Link} to={pointPath(served.pointId, served.repositoryId)}>
              {served.machineName}, disk {served.disk}, {absolute(served.instant)}
            </Anchor>
          ),
        },
        { label: 'Node', value: served.node },
        { label: 'Size', value: bytes(served.sizeBytes) },
        { label: 'Opened', value: <When instant={served.createdAt} full /> },
        {
          label: 'Dirty bitmaps',
          value:
            served.contexts.length > 0 &&
            `${count(served.contexts.length)}, one for each other point of the disk: qemu:dirty-bitmap:since-…`,
        },
      ]}
    />
  );
}
