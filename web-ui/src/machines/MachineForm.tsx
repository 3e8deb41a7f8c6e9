import { Button, Card, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlugConnected } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { Machine } from '../api/model';
import { ApiProblem } from '../api/problem';
import { useCommand } from '../api/queries';
import { applyFieldErrors } from '../ui/applyFieldErrors';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { NbdFields } from './NbdFields';
import { ProbeResult } from './ProbeResult';
import { QmpFields } from './QmpFields';
import { emptyDisk, sourceWords, toFields, toSource, type MachineFields } from './source';

const required = (message: string) => (value: string) => (value.trim() === '' ? message : null);

/** Adds a machine, or changes one. The connection can be tested before anything is saved. */
export function MachineForm({ machine }: { machine?: Machine }) {
  const navigate = useNavigate();
  const save = useCommand('saveMachine');
  const probe = useCommand('probe');
  const form = useForm<MachineFields>({
    initialValues: toFields(machine),
    validateInputOnBlur: false,
    validate: {
      name: required('Give the machine a name'),
      socket: (value, { type }) =>
        type === 'qmp' && value.trim() === ''
          ? 'Where is the QMP socket? For example /run/vm/qmp.sock'
          : null,
      nbdDisks: {
        name: (value, { type }) => (type === 'nbd' && value.trim() === '' ? 'Give the disk a name' : null),
        uri: (value, { type }) =>
          type === 'nbd' && value.trim() === '' ? 'Where is the export? For example nbd://host/export' : null,
      },
    },
    onValuesChange: () => probe.reset(),
  });

  const test = () => {
    const { errors } = form.validate();
    if (Object.keys(errors).every((field) => field === 'name')) {
      form.clearFieldError('name');
      probe.mutate(toSource(form.getValues()));
    }
  };

  const submit = form.onSubmit((fields) =>
    save.mutate(
      {
        machineId: machine?.id,
        body: {
          name: fields.name.trim(),
          description: fields.description.trim(),
          source: toSource(fields),
        },
      },
      {
        onSuccess: (saved) => {
          notifyDone(machine ? 'Saved.' : `${saved.name} is added. Back it up when you are ready.`);
          void navigate(`/machines/${saved.id}`);
        },
        onError: (error) => applyFieldErrors(form, ApiProblem.from(error), inForm),
      },
    ),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg" maw={760}>
        <Card>
          <Stack gap="md">
            <TextInput
              label="Name"
              description="As it appears in runs and recovery points"
              placeholder="web-01"
              required
              maxLength={200}
              {...form.getInputProps('name')}
            />
            <Textarea
              label="Description"
              placeholder="What it does, who to ask"
              autosize
              minRows={1}
              maxRows={4}
              maxLength={2000}
              {...form.getInputProps('description')}
            />
          </Stack>
        </Card>
        <Card>
          <Stack gap="md">
            <div>
              <Text component="h2" fw={650} id="source-type">
                Source
              </Text>
              <SegmentedControl
                mt={8}
                aria-labelledby="source-type"
                data={(['qmp', 'nbd'] as const).map((value) => ({ value, label: sourceWords[value] }))}
                {...form.getInputProps('type')}
              />
              <Text size="sm" c="dimmed" mt={8}>
                {form.values.type === 'qmp'
                  ? 'Nightjar freezes a view of all disks in one transaction and tracks changes with bitmaps of its own.'
                  : 'Somebody else serves the disks over NBD and keeps them unchanged while a run reads them.'}
              </Text>
            </div>
            {form.values.type === 'qmp' ? (
              <QmpFields form={form} />
            ) : (
              <NbdFields form={form} onAdd={() => form.insertListItem('nbdDisks', emptyDisk())} />
            )}
            <Group>
              <Button
                variant="default"
                leftSection={<IconPlugConnected size={17} aria-hidden />}
                loading={probe.isPending}
                onClick={test}
              >
                Test connection
              </Button>
              <Text size="sm" c="dimmed">
                Looks at the disks; changes nothing.
              </Text>
            </Group>
            <div aria-live="polite">
              {probe.error && <ProblemAlert title="The connection does not work" problem={probe.error} />}
              {probe.data && <ProbeResult disks={probe.data.disks} />}
            </div>
          </Stack>
        </Card>
        {save.error && <ProblemAlert title="The machine is not saved" problem={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {machine ? 'Save' : 'Add the machine'}
          </Button>
          <Button component={Link} to={machine ? `/machines/${machine.id}` : '/machines'} variant="default">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The API's field names in terms of the form: `source.disks[0].uri` → `nbdDisks.0.uri`. */
function inForm(field: string): string {
  return field
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^source\./, '')
    .replace(/^disks\.(\d+)\./, 'nbdDisks.$1.');
}
