import { Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconDatabaseExport } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { isActive, type BackupRequest, type Machine } from '../api/model';
import { useCommand } from '../api/queries';
import { notifyProblem } from '../ui/notify';
import classes from './BackUpButton.module.css';

interface BackUpButtonProps {
  machine: Machine;
  compact?: boolean;
}

/** Starts a backup and shows the run; while one is active, leads to it. */
export function BackUpButton({ machine, compact = false }: BackUpButtonProps) {
  const navigate = useNavigate();
  const backUp = useCommand('backUp');
  const { lastRun } = machine;

  const start = (options: Omit<BackupRequest, 'bitmapSince'> = {}) =>
    backUp.mutate(
      { machineId: machine.id, ...options },
      {
        onSuccess: (run) => void navigate(`/runs/${run.id}`),
        onError: (error) => notifyProblem(`Cannot back up ${machine.name}`, error),
      },
    );

  if (lastRun?.kind === 'BACKUP' && isActive(lastRun)) {
    return (
      <Button
        size={compact ? 'compact-sm' : 'sm'}
        variant="default"
        onClick={() => void navigate(`/runs/${lastRun.id}`)}
      >
        Watch the run
      </Button>
    );
  }
  if (compact) {
    return (
      <Button
        size="compact-sm"
        variant="default"
        loading={backUp.isPending}
        aria-label={`Back up ${machine.name} now`}
        onClick={() => start()}
      >
        Back up now
      </Button>
    );
  }
  return (
    <Group gap={1} wrap="nowrap">
      <Button
        className={classes.main ?? ''}
        loading={backUp.isPending}
        leftSection={<IconDatabaseExport size={17} aria-hidden />}
        onClick={() => start()}
      >
        Back up now
      </Button>
      <Menu position="bottom-end" width={280} withinPortal>
        <Menu.Target>
          <Button
            className={classes.more ?? ''}
            aria-label="Other ways to back up"
            disabled={backUp.isPending}
          >
            <IconChevronDown size={17} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => start({ full: true })}>
            Back up in full
            <Text size="xs" c="dimmed">
              Reads every allocated block, whatever the bitmap says. Known content is still stored once.
            </Text>
          </Menu.Item>
          <Menu.Item onClick={() => start({ onUnreadable: 'RECORD' })}>
            Back up around bad blocks
            <Text size="xs" c="dimmed">
              For a failing disk: blocks that cannot be read are recorded as damaged, and the rest is saved.
            </Text>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
