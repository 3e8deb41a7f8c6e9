import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RepositoryInfo } from '../api/model';
import { useCommand } from '../api/queries';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';

interface AccessKeyDialogProps {
  repository: RepositoryInfo;
  opened: boolean;
  onClose: () => void;
}

/** Another access key for a bucket; it counts only if it opens the repository. */
export function AccessKeyDialog({ repository, opened, onClose }: AccessKeyDialogProps) {
  const [accessKey, setAccessKey] = useState(repository.accessKey ?? '');
  const [secretKey, setSecretKey] = useState('');
  const change = useCommand('changeCredentials');
  const close = () => {
    setSecretKey('');
    change.reset();
    onClose();
  };
  const given = accessKey.trim() !== '';
  const submit = () =>
    change.mutate(
      { repositoryId: repository.id, ...(given && { accessKey: accessKey.trim(), secretKey }) },
      {
        onSuccess: () => {
          notifyDone('The new access key is in use.');
          close();
        },
      },
    );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Change the access key"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            It is tried before it is kept, and counts on every node within seconds. Without an access key the
            environment’s or the host’s role is used.
          </Text>
          <TextInput
            label="Access key"
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            value={accessKey}
            onChange={(event) => setAccessKey(event.currentTarget.value)}
          />
          <PasswordInput
            label="Secret key"
            description="Kept encrypted, and never shown again"
            spellCheck={false}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            disabled={!given}
            value={secretKey}
            onChange={(event) => setSecretKey(event.currentTarget.value)}
          />
          {change.error && <ProblemAlert title="The old access key stays in use" problem={change.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={given && secretKey === ''}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
