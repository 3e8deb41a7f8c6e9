import { Button } from '@mantine/core';
import { IconDatabasePlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { RepositoryStatus } from '../api/model';
import { EmptyState } from '../ui/EmptyState';
import { Notice } from '../ui/Notice';
import { ErrorBox } from '../ui/ProblemAlert';
import { UnlockButton } from './RepositoryActions';
import classes from './RepositoryPage.module.css';

/** On the overview: what keeps backups from going anywhere, if something does. */
export function RepositoryNotice({ status }: { status: RepositoryStatus }) {
  const { state, id, code, message, hint } = status;
  switch (state) {
    case 'OPEN':
      return null;
    case 'NOT_CONFIGURED':
      return (
        <div className={classes.notice}>
          <EmptyState
            icon={IconDatabasePlus}
            title="Create the repository"
            action={
              <Button component={Link} to="/repository/new" size="md">
                Create the repository
              </Button>
            }
          >
            Backups need a place: a directory of this host, or a bucket of an object store. It is encrypted
            unless you choose otherwise. Then add the first machine.
          </EmptyState>
        </div>
      );
    case 'LOCKED':
      return (
        <div className={classes.notice}>
          <Notice title="The repository is locked: nothing is backed up until somebody unlocks it">
            <div className={classes.rebuild}>
              <p>Scheduled backups fail with REPOSITORY_LOCKED meanwhile.</p>
              {id && <UnlockButton repositoryId={id} />}
            </div>
          </Notice>
        </div>
      );
    case 'UNAVAILABLE':
      return (
        <div className={classes.notice}>
          <ErrorBox
            title="The repository cannot be opened: nothing is backed up"
            message={message}
            code={code ?? 'REPOSITORY_UNAVAILABLE'}
            hint={hint}
          />
        </div>
      );
  }
}
