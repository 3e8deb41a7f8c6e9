import { Button, Group, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import type { Point } from '../api/model';
import { ApiProblem } from '../api/problem';
import { useCommand } from '../api/queries';
import { applyFieldErrors } from '../ui/applyFieldErrors';
import { ProblemAlert } from '../ui/ProblemAlert';
import { toRequest, type ExportFields } from './request';

export function OpenExportForm({ point, onCancel }: { point: Point; onCancel: () => void }) {
  const navigate = useNavigate();
  const open = useCommand('openExport');
  const form = useForm<ExportFields>({
    initialValues: { access: 'readOnly', limitGib: 10, name: '' },
    validate: {
      limitGib: (value, { access }) =>
        access === 'writable' && !(Number(value) > 0) ? 'How much may be written? For example 10' : null,
    },
    onValuesChange: () => open.reset(),
  });
  const submit = form.onSubmit((fields) =>
    open.mutate(toRequest(point, fields), {
      onSuccess: (served) => void navigate(`/exports/${served.id}`),
      onError: (error) => applyFieldErrors(form, ApiProblem.from(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <SegmentedControl
          aria-label="Access"
          data={[
            { value: 'readOnly', label: 'Read-only' },
            { value: 'writable', label: 'Writable' },
          ]}
          {...form.getInputProps('access')}
        />
        {form.values.access === 'writable' ? (
          <>
            <Text size="sm" c="dimmed">
              A machine can boot from it. What it writes goes into an overlay on the service’s host and
              survives restarts; later it becomes a new recovery point, or is discarded.
            </Text>
            <NumberInput
              label="At most"
              description="When so much was written, the machine’s disk is full"
              suffix=" GiB"
              min={1}
              max={1_048_576}
              allowNegative={false}
              {...form.getInputProps('limitGib')}
            />
          </>
        ) : (
          <Text size="sm" c="dimmed">
            For copying, comparing and mounting. Nothing can be written.
          </Text>
        )}
        <TextInput
          label="Name"
          description="Letters, digits, dots and dashes; made of machine, disk and instant if left empty"
          spellCheck={false}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {open.error && <ProblemAlert title="The point cannot be served" problem={open.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={open.isPending}>
            Open the export
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
