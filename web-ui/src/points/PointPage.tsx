import { Anchor, Button, Card, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { Point } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { PointExports } from '../exports/PointExports';
import { bytes } from '../format/bytes';
import { absolute } from '../format/time';
import { modeWords } from '../runs/mode';
import { Bytes } from '../ui/Bytes';
import { confirm } from '../ui/confirm';
import { Facts } from '../ui/Facts';
import { notifyDone, notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { StatusBadge } from '../ui/StatusBadge';
import { When } from '../ui/When';
import { DamageNotice } from './DamageNotice';
import { LockButton } from './LockButton';
import { LossNotice, PointBadge } from './LossNotice';
import { pointPath, pointsPath } from './path';
import { PointCopies } from './PointCopies';
import { RestoreButton } from './RestoreButton';
import { consistency } from './words';

export function PointPage() {
  const { id = '' } = useParams();
  const [search] = useSearchParams();
  const elsewhere = search.get('repositoryId') ?? undefined;
  const query = useQuery(queries.point(id, elsewhere));
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(point) => <PointDetail point={point} elsewhere={elsewhere} />}
    </QueryView>
  );
}

interface PointDetailProps {
  point: Point;
  /** The repository that it is shown in, if that was said. */
  elsewhere: string | undefined;
}

function PointDetail({ point, elsewhere }: PointDetailProps) {
  return (
    <>
      <PageHeader
        title={`${point.machineName}, disk ${point.disk}`}
        badge={
          <>
            <PointBadge point={point} />
            {point.lockedUntil && (
              <StatusBadge tone="idle">Locked until {absolute(point.lockedUntil)}</StatusBadge>
            )}
          </>
        }
        description={<>As it was on {absolute(point.instant)}</>}
        back={{ to: pointsPath(elsewhere), label: 'Recovery points' }}
        actions={
          <>
            <RestoreButton point={point} />
            <Button
              component="a"
              href={`/api/v1/points/${point.id}/content?repositoryId=${point.repositoryId}`}
              download
              variant="default"
              leftSection={<IconDownload size={17} aria-hidden />}
            >
              Download
            </Button>
            <LockButton point={point} />
            <DeleteButton point={point} elsewhere={elsewhere} />
          </>
        }
      />
      <Stack gap="md">
        <LossNotice point={point} />
        <DamageNotice point={point} />
        <Card>
          <PointFacts point={point} elsewhere={elsewhere} />
        </Card>
        <PointExports point={point} />
        <PointCopies point={point} />
        <Text size="sm" c="dimmed">
          The download is the raw disk, {bytes(point.sizeBytes)}; it can be stopped and resumed. Zeros are not
          stored, but are sent.
        </Text>
      </Stack>
    </>
  );
}

function PointFacts({ point, elsewhere }: PointDetailProps) {
  return (
    <Facts
      facts={[
        { label: 'Instant', value: <When instant={point.instant} full /> },
        {
          label: 'Machine',
          value: (
            <Anchor component={Link} to={`/machines/${point.machineId}`}>
              {point.machineName}
            </Anchor>
          ),
        },
        { label: 'Disk', value: point.disk },
        { label: 'Size', value: <Bytes of={point.sizeBytes} /> },
        { label: 'Consistency', value: consistency(point.consistency) },
        { label: 'Made by', value: madeBy(point) },
        { label: 'Here by', value: point.copied ? 'a copy from another repository' : undefined },
        { label: 'Read for it', value: <Bytes of={point.readBytes} /> },
        { label: 'New content', value: <Bytes of={point.newBytes} /> },
        { label: 'Stored for it', value: <Bytes of={point.storedBytes} /> },
        {
          label: 'Changed since',
          value: point.parentId && (
            <Anchor component={Link} to={pointPath(point.parentId, elsewhere)}>
              the point before
            </Anchor>
          ),
        },
        { label: 'Checkpoint', value: point.checkpoint && <code>{point.checkpoint}</code> },
        { label: 'Fingerprint', value: <code>{point.rootId}</code> },
        { label: 'Point id', value: <code>{point.id}</code> },
        { label: 'Set id', value: <code>{point.setId}</code> },
      ]}
    />
  );
}

function madeBy({ mode, runId, consistency: code }: Point) {
  const words = code === 'KEPT' ? 'Keeping what was written to an export' : `${modeWords[mode]} backup`;
  if (!runId) return words;
  return (
    <Anchor component={Link} to={`/runs/${runId}`}>
      {words}
    </Anchor>
  );
}

function DeleteButton({ point, elsewhere }: PointDetailProps) {
  const navigate = useNavigate();
  const remove = useCommand('deletePoint');
  return (
    <Button
      variant="default"
      loading={remove.isPending}
      disabled={point.lockedUntil !== undefined}
      onClick={() =>
        confirm({
          title: 'Delete this recovery point?',
          body: `${point.machineName}, disk ${point.disk}, as it was on ${absolute(point.instant)}. This cannot be undone. All other points stay whole.`,
          confirm: 'Delete the point',
          danger: true,
          onConfirm: () =>
            remove.mutate(point, {
              onSuccess: () => {
                notifyDone('The recovery point is deleted.');
                void navigate(pointsPath(elsewhere));
              },
              onError: (error) => notifyProblem('Cannot delete the point', error),
            }),
        })
      }
    >
      Delete
    </Button>
  );
}
