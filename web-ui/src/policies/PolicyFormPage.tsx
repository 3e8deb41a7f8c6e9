import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Policy } from '../api/model';
import { queries, useCommand } from '../api/queries';
import { confirm } from '../ui/confirm';
import { notifyProblem } from '../ui/notify';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { PolicyForm } from './PolicyForm';

const back = { to: '/policies', label: 'Policies' };

export function NewPolicyPage() {
  const machines = useQuery(queries.machines());
  return (
    <>
      <PageHeader title="Make a policy" back={back} />
      <QueryView query={machines} skeleton={<PageSkeleton />}>
        {(list) => <PolicyForm machines={list} />}
      </QueryView>
    </>
  );
}

export function EditPolicyPage() {
  const { id = '' } = useParams();
  const machines = useQuery(queries.machines());
  const policy = useQuery({ ...queries.policy(id), refetchOnWindowFocus: false });
  return (
    <QueryView query={policy} skeleton={<PageSkeleton />}>
      {(loaded) => (
        <>
          <PageHeader title={loaded.name} back={back} actions={<DeleteButton policy={loaded} />} />
          <QueryView query={machines} skeleton={<PageSkeleton />}>
            {(list) => <PolicyForm key={loaded.id} policy={loaded} machines={list} />}
          </QueryView>
        </>
      )}
    </QueryView>
  );
}

function DeleteButton({ policy }: { policy: Policy }) {
  const navigate = useNavigate();
  const remove = useCommand('deletePolicy');
  return (
    <Button
      variant="default"
      loading={remove.isPending}
      onClick={() =>
        confirm({
          title: `Delete ${policy.name}?`,
          body: 'Its machines are no longer backed up on this schedule. Recovery points stay.',
          confirm: 'Delete the policy',
          danger: true,
          onConfirm: () =>
            remove.mutate(policy.id, {
              onSuccess: () => void navigate('/policies'),
              onError: (error) => notifyProblem(`Cannot delete ${policy.name}`, error),
            }),
        })
      }
    >
      Delete
    </Button>
  );
}
