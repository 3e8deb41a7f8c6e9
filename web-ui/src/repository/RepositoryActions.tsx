import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { RepositoryInfo } from '../api/model';
import { useCommand } from '../api/queries';
import { confirm } from '../ui/confirm';
import { notifyDone, notifyProblem } from '../ui/notify';
import { AccessKeyDialog } from './AccessKeyDialog';
import { ChangePassphraseDialog } from './ChangePassphraseDialog';
import { UnlockDialog } from './UnlockDialog';

/** What can be done with a repository as a whole. */
export function RepositoryActions({ repository }: { repository: RepositoryInfo }) {
  return (
    <>
      {repository.encrypted && <ChangePassphraseButton repository={repository} />}
      {repository.encrypted && repository.state === 'OPEN' && <LockButton repository={repository} />}
      {repository.state === 'LOCKED' && <UnlockButton repositoryId={repository.id} />}
      {repository.kind === 'S3' && !repository.configured && <AccessKeyButton repository={repository} />}
      {repository.role !== 'PRIMARY' && <PrimaryButton repository={repository} />}
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

function AccessKeyButton({ repository }: { repository: RepositoryInfo }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        Change access key
      </Button>
      <AccessKeyDialog repository={repository} opened={opened} onClose={close} />
    </>
  );
}

function PrimaryButton({ repository }: { repository: RepositoryInfo }) {
  const navigate = useNavigate();
  const make = useCommand('makePrimary');
  return (
    <Button
      variant="default"
      loading={make.isPending}
      onClick={() =>
        confirm({
          title: `Back up to ${repository.name} from now on?`,
          body: 'The repository that backups go to now stays in the list and takes copies. The next backup of each machine reads its disks in full and stores what is new.',
          confirm: 'Back up there',
          onConfirm: () =>
            make.mutate(repository.id, {
              onSuccess: () => {
                notifyDone(`Backups go to ${repository.name} from now on.`);
                void navigate('/repository');
              },
              onError: (error) => notifyProblem('Backups go where they went before', error),
            }),
        })
      }
    >
      Make it the primary one
    </Button>
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
