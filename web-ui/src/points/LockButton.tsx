import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Point } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { absolute } from '../format/time';
import { Notice } from '../ui/Notice';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { endOfDay, inDays } from './lock';

const USUAL_DAYS = 30;

/** Locks a point until a date, or extends its lock. */
export function LockButton({ point }: { point: Point }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLock size={17} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {point.lockedUntil ? 'Extend the lock' : 'Lock'}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={point.lockedUntil ? 'Extend the lock' : 'Lock this recovery point'}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <LockForm point={point} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  );
}

function LockForm({ point, onClose }: { point: Point; onClose: () => void }) {
  const [day, setDay] = useState(inDays(USUAL_DAYS, point.lockedUntil));
  const lock = useCommand('lockPoint');
  const until = endOfDay(day);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!until) return;
        lock.mutate(
          { id: point.id, repositoryId: point.repositoryId, until },
          {
            onSuccess: ({ lockedUntil }) => {
              notifyDone(`The point is locked until ${absolute(lockedUntil ?? until)}.`);
              onClose();
            },
          },
        );
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          Nobody can delete the point before that day is over: not in the dashboard, not over the API, and no
          policy. A lock can be extended, but neither removed nor made shorter.
        </Text>
        <LockKeeper repositoryId={point.repositoryId} />
        <TextInput
          type="date"
          label="Locked through"
          value={day}
          min={inDays(0, point.lockedUntil)}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {lock.error && <ProblemAlert title="The point is not locked" problem={lock.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={lock.isPending} disabled={!until}>
            {until ? `Lock until ${absolute(until)}` : 'Lock'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Who keeps the lock besides Nightjar, which is not much in a directory. */
function LockKeeper({ repositoryId }: { repositoryId: string }) {
  const { data } = useQuery(queries.repositories());
  const repository = data?.find(({ id }) => id === repositoryId);
  if (!repository) return null;
  return repository.objectLock ? (
    <Text size="sm" c="dimmed">
      The bucket keeps all that the point needs as well, from everybody, the account’s owner included.
    </Text>
  ) : (
    <Notice title="Only Nightjar keeps the lock">
      Whoever can delete files of the repository can still do so. A bucket with object lock would keep them.
    </Notice>
  );
}
