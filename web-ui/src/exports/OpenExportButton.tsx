import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlugConnected } from '@tabler/icons-react';
import type { Point } from '../api/model';
import { absolute } from '../format/time';
import { OpenExportForm } from './OpenExportForm';

export function OpenExportButton({ point }: { point: Point }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="sm" onClick={open} leftSection={<IconPlugConnected size={17} aria-hidden />}>
        Open
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={`Serve ${point.machineName}, disk ${point.disk}, of ${absolute(point.instant)}`}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <OpenExportForm point={point} onCancel={close} />
      </Modal>
    </>
  );
}
