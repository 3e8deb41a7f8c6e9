import { Button, Checkbox, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import classes from './RepositoryPage.module.css';

interface RecoveryKeyDialogProps {
  recoveryKey: string;
  loading: boolean;
  onKept: () => void;
  onCancel: () => void;
}

/** Shows the recovery key, once. Nothing is made before somebody says that it is kept. */
export function RecoveryKeyDialog({ recoveryKey, loading, onKept, onCancel }: RecoveryKeyDialogProps) {
  const [kept, setKept] = useState(false);
  return (
    <Modal
      opened
      onClose={onCancel}
      title="Keep the recovery key"
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Text size="sm">
          If the passphrase is lost, only this key opens the repository. It is shown this once, and nobody can
          bring it back. Print it or keep it in a password manager, not on this host and not in the
          repository.
        </Text>
        <code className={classes.key} aria-label="Recovery key">
          {recoveryKey}
        </code>
        <Group>
          <CopyButton value={recoveryKey}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button
            component="a"
            variant="default"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(`Recovery key of a Nightjar repository\n${recoveryKey}\n`)}`}
            download="nightjar-recovery-key.txt"
          >
            Download
          </Button>
        </Group>
        <Checkbox
          label="I have kept the recovery key where it is safe"
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Back
          </Button>
          <Button onClick={onKept} disabled={!kept} loading={loading}>
            Create the repository
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
