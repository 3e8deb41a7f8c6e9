import { Button, Card, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { CopyRequest, CopyTarget } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { count, plural } from '../format/bytes';
import { notifyDone, notifyProblem } from '../ui/notify';
import { Section } from '../ui/Section';
import { StatusBadge } from '../ui/StatusBadge';

const REFRESH_MILLIS = 10_000;

const whenWords: Record<CopyTarget['when'], string> = {
  BY_HAND: 'When somebody asks for it',
  AFTER_BACKUP: 'After each backup',
  DAILY: 'Once a day',
};

/** How far the copies in a repository are, and when they are made. */
export function CopySettings({ repositoryId }: { repositoryId: string }) {
  const { data } = useQuery({ ...queries.copies(), refetchInterval: REFRESH_MILLIS });
  const target = data?.find((one) => one.repositoryId === repositoryId);
  return target ? (
    <Section title="Copies" action={<CopyButton target={target} />}>
      <Card>
        <Stack gap="md">
          <Group gap="sm">
            <CopyState target={target} />
            <Text size="sm">{points(target)}</Text>
          </Group>
          <Group gap="lg" align="flex-end">
            <WhenSelect target={target} />
            <KeepSelect target={target} />
          </Group>
          <Text size="sm" c="dimmed">
            A copy is read, checked, stored as far as the repository lacks it, and read back before it counts.
            Copies whose originals are lost rather than deleted stay, and so do locked ones and the newest of
            each disk.
          </Text>
        </Stack>
      </Card>
    </Section>
  ) : null;
}

function points({ copiedPoints, missingPoints }: CopyTarget): string {
  if (copiedPoints === undefined || missingPoints === undefined) return '';
  return `${count(copiedPoints)} recovery points are here, ${count(missingPoints)} are not.`;
}

function CopyState({ target: { running, missingPoints, error } }: { target: CopyTarget }) {
  if (running) return <StatusBadge tone="busy">Copying</StatusBadge>;
  if (missingPoints === undefined) return <StatusBadge tone="bad">{error ?? 'Unknown'}</StatusBadge>;
  return missingPoints === 0 ? (
    <StatusBadge tone="good">Everything is copied</StatusBadge>
  ) : (
    <StatusBadge tone="warn">Not complete</StatusBadge>
  );
}

function useChoice({ repositoryId, when, keepDays }: CopyTarget) {
  const choose = useCommand('chooseCopies');
  const save = (changed: Partial<CopyRequest>) =>
    choose.mutate(
      { repositoryId, when, keepDays, ...changed },
      {
        onSuccess: () => notifyDone('Saved.'),
        onError: (error) => notifyProblem('This is not saved', error),
      },
    );
  return { save, saving: choose.isPending };
}

function WhenSelect({ target }: { target: CopyTarget }) {
  const { save, saving } = useChoice(target);
  return (
    <Select
      label="Copy recovery points here"
      data={Object.entries(whenWords).map(([value, label]) => ({ value, label }))}
      value={target.when}
      allowDeselect={false}
      w={320}
      disabled={saving}
      onChange={(when) => save({ when: when as CopyTarget['when'] })}
    />
  );
}

/** Offered beside whatever was chosen over the API. */
const DAYS = [0, 7, 30, 90, 365];
const FOR_EVER = 'for-ever';

function KeepSelect({ target }: { target: CopyTarget }) {
  const { save, saving } = useChoice(target);
  const days = [...new Set([...DAYS, ...(target.keepDays === undefined ? [] : [target.keepDays])])];
  return (
    <Select
      label="When its original is deleted"
      data={[
        ...days
          .sort((one, other) => one - other)
          .map((each) => ({ value: String(each), label: keepWords(each) })),
        { value: FOR_EVER, label: 'Keep the copy' },
      ]}
      value={target.keepDays === undefined ? FOR_EVER : String(target.keepDays)}
      allowDeselect={false}
      w={320}
      disabled={saving}
      onChange={(value) => save({ keepDays: value === FOR_EVER ? undefined : Number(value) })}
    />
  );
}

function keepWords(days: number): string {
  return days === 0 ? 'Delete the copy too' : `Delete the copy after ${plural(days, 'day')}`;
}

function CopyButton({ target }: { target: CopyTarget }) {
  const navigate = useNavigate();
  const copy = useCommand('copyPoints');
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={copy.isPending}
      disabled={target.running}
      onClick={() =>
        copy.mutate(target.repositoryId, {
          onSuccess: (run) => void navigate(`/runs/${run.id}`),
          onError: (error) => notifyProblem('Nothing is copied', error),
        })
      }
    >
      Copy now
    </Button>
  );
}
