import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { RepositoryInfo } from '../api/model';
import { useCommand } from '../api/queries';
import { confirm } from '../ui/confirm';
import { notifyDone, notifyProblem } from '../ui/notify';
import { ChangePassphraseDialog } from './ChangePassphraseDialog';
import { UnlockDialog } from './UnlockDialog';

/** What can be done with a repository as a whole. */
export function RepositoryActions({ repository }: { repository: RepositoryInfo }) {
  return (
    <>
      {repository.encrypted && <ChangePassphraseButton repository={repository} />}
      {repository.encrypted && repository.state === 'OPEN' && <LockButton repository={repository} />}
      {repository.state === 'LOCKED' && <UnlockButton repositoryId={repository.id} />}
      {repository.role !== 'PRIMARY' && <ForgetButton repository={repository} />}
    </>
  );
}

export function UnlockButton({ repositoryId }: { repositoryId: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button onClick={open} leftSection={<IconLockOpen size={18} aria-hidden />}>
        Unlock
      </Button>
      <UnlockDialog repositoryId={repositoryId} opened={opened} onClose={close} />
    </>
  );
}

function ChangePassphraseButton({ repository }: { repository: RepositoryInfo }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        Change passphrase
      </Button>
      <ChangePassphraseDialog repository={repository} opened={opened} onClose={close} />
    </>
  );
}

function LockButton({ repository }: { repository: RepositoryInfo }) {
  const lock = useCommand('lockRepository');
  const kept = repository.unlocking === 'KEPT_KEY' ? ' The key that is kept here is deleted.' : '';
  return (
    <Button
      variant="default"
      leftSection={<IconLock size={18} aria-hidden />}
      loading={lock.isPending}
      onClick={() =>
        confirm({
          title: 'Lock the repository?',
          body: `Backups, restores and exports fail until somebody unlocks it with the passphrase or the recovery key.${kept}`,
          confirm: 'Lock it',
          onConfirm: () =>
            lock.mutate(repository.id, {
              onError: (error) => notifyProblem('Cannot lock the repository', error),
            }),
        })
      }
    >
      Lock
    </Button>
  );
}

function ForgetButton({ repository }: { repository: RepositoryInfo }) {
  const navigate = useNavigate();
  const forget = useCommand('forgetRepository');
  return (
    <Button
      variant="default"
      loading={forget.isPending}
      onClick={() =>
        confirm({
          title: `Take ${repository.name} from the list?`,
          body: 'Its files stay where they are, and it can be added again. A key that is kept here is deleted.',
          confirm: 'Take it from the list',
          danger: true,
          onConfirm: () =>
            forget.mutate(repository.id, {
              onSuccess: () => {
                notifyDone(`${repository.name} is no longer in the list.`);
                void navigate('/repository');
              },
              onError: (error) => notifyProblem('Cannot take it from the list', error),
            }),
        })
      }
    >
      Take from the list
    </Button>
  );
}
