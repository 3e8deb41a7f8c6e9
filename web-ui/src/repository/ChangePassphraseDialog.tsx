import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RepositoryInfo } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { PassphraseFields } from './PassphraseFields';
import { SecretInput, type Secret } from './SecretInput';

const nothing: Secret = { kind: 'passphrase', text: '' };

interface ChangePassphraseDialogProps {
  repository: RepositoryInfo;
  opened: boolean;
  onClose: () => void;
}

export function ChangePassphraseDialog({ repository, opened, onClose }: ChangePassphraseDialogProps) {
  const defaults = useQuery({ ...queries.repositoryDefaults(), enabled: opened });
  const [current, setCurrent] = useState(nothing);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [differs, setDiffers] = useState(false);
  const change = useCommand('changePassphrase');
  const close = () => {
    setCurrent(nothing);
    setPassphrase('');
    setAgain('');
    setDiffers(false);
    change.reset();
    onClose();
  };
  const submit = () => {
    setDiffers(passphrase !== again);
    if (passphrase !== again) return;
    const known =
      current.kind === 'passphrase' ? { currentPassphrase: current.text } : { recoveryKey: current.text };
    change.mutate(
      { repositoryId: repository.id, passphrase, ...known },
      {
        onSuccess: () => {
          notifyDone('The new passphrase is in force.');
          close();
        },
      },
    );
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Change the passphrase"
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
            Nothing that is stored is rewritten, and the recovery key stays. A copy of the repository’s key
            file from before can still be opened with the old passphrase.
            {repository.unlocking === 'PASSPHRASE_FILE' &&
              ' Write the new one into the configured file too: the service reads it there when it starts.'}
          </Text>
          <SecretInput value={current} onChange={setCurrent} label="Current passphrase" />
          <PassphraseFields
            label="New passphrase"
            shortest={defaults.data?.minPassphrase ?? 12}
            passphrase={passphrase}
            again={again}
            onPassphrase={setPassphrase}
            onAgain={(text) => {
              setDiffers(false);
              setAgain(text);
            }}
            againError={differs ? 'This is not the same' : undefined}
          />
          {change.error && <ProblemAlert title="The old passphrase stays in force" problem={change.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!current.text || !passphrase}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
