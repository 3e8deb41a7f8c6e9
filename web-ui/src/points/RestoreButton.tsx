import { Button, Modal, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Point } from '../api/model';
import { queries } from '../api/queries';
import { absolute } from '../format/time';
import { QueryView } from '../ui/QueryView';
import { RestoreForm } from './RestoreForm';

export function RestoreButton({ point, compact = false }: { point: Point; compact?: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  const directories = useQuery({ ...queries.restoreDirectories(), enabled: opened });
  const instant = absolute(point.instant);
  return (
    <>
      {compact ? (
        <Button
          size="compact-sm"
          variant="default"
          onClick={open}
          aria-label={`Restore ${point.machineName}, disk ${point.disk}, of ${instant}`}
        >
          Restore
        </Button>
      ) : (
        <Button onClick={open} leftSection={<IconArrowBackUp size={18} aria-hidden />}>
          Restore
        </Button>
      )}
      <Modal
        opened={opened}
        onClose={close}
        title={`Restore ${point.machineName}, disk ${point.disk}, of ${instant}`}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <QueryView query={directories} skeleton={<Skeleton height={232} />}>
          {(loaded) => <RestoreForm point={point} directories={loaded.directories} onCancel={close} />}
        </QueryView>
      </Modal>
    </>
  );
}
