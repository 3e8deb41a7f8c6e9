import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCommand } from '../api/queries';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { SecretInput, type Secret } from './SecretInput';

const nothing: Secret = { kind: 'passphrase', text: '' };

interface UnlockDialogProps {
  repositoryId: string;
  opened: boolean;
  onClose: () => void;
}

export function UnlockDialog({ repositoryId, opened, onClose }: UnlockDialogProps) {
  const [secret, setSecret] = useState(nothing);
  const [keepKey, setKeepKey] = useState(false);
  const unlock = useCommand('unlockRepository');
  const close = () => {
    setSecret(nothing);
    unlock.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Unlock the repository"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          unlock.mutate(
            { repositoryId, [secret.kind]: secret.text, keepKey },
            {
              onSuccess: () => {
                notifyDone('The repository is unlocked.');
                close();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            It stays unlocked for everybody until the service ends or somebody locks it.
          </Text>
          <SecretInput
            value={secret}
            onChange={(value) => {
              unlock.reset();
              setSecret(value);
            }}
          />
          <KeepKeyCheckbox checked={keepKey} onChange={setKeepKey} />
          {unlock.error && <ProblemAlert title="It stays locked" problem={unlock.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={unlock.isPending} disabled={secret.text.trim() === ''}>
              Unlock
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface KeepKeyCheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function KeepKeyCheckbox({ checked, onChange }: KeepKeyCheckboxProps) {
  return (
    <Checkbox
      label="Let this appliance unlock it by itself"
      description="Nightly backups then go on after a restart. The key is kept in the appliance’s data directory: whoever can read that directory, or steals this host with it, can read the backups. Without it, somebody has to unlock the repository after each start, and backups fail until then."
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
