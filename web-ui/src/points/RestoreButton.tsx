import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Point } from '../api/model';
import { absolute } from '../format/time';
import { RestoreForm } from './RestoreForm';

export function RestoreButton({ point, compact = false }: { point: Point; compact?: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
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
        <RestoreForm point={point} onCancel={close} />
      </Modal>
    </>
  );
}
