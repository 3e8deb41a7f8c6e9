import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { queries } from '../api/queries';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/PageSkeleton';
import { QueryView } from '../ui/QueryView';
import { MachineForm } from './MachineForm';

export function NewMachinePage() {
  return (
    <>
      <PageHeader
        title="Add a machine"
        description="Say where its disks are reached. Nothing is changed on the machine until the first backup."
        back={{ to: '/machines', label: 'Machines' }}
      />
      <MachineForm />
    </>
  );
}

export function EditMachinePage() {
  const { id = '' } = useParams();
  const query = useQuery({ ...queries.machine(id), refetchOnWindowFocus: false });
  return (
    <QueryView query={query} skeleton={<PageSkeleton />}>
      {(machine) => (
        <>
          <PageHeader title={`Edit ${machine.name}`} back={{ to: `/machines/${id}`, label: machine.name }} />
          <MachineForm key={machine.id} machine={machine} />
        </>
      )}
    </QueryView>
  );
}
