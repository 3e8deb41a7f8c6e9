import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import type { Point } from '../api/model';
import { ApiProblem } from '../api/problem';
import { useCommand } from '../api/queries';
import { bytes } from '../format/bytes';
import { applyFieldErrors } from '../ui/applyFieldErrors';
import { ProblemAlert } from '../ui/ProblemAlert';
import { proposedPath, toTarget, type RestoreFields } from './target';

interface RestoreFormProps {
  point: Point;
  /** Files may be restored below these. */
  directories: readonly string[];
  onCancel: () => void;
}

export function RestoreForm({ point, directories, onCancel }: RestoreFormProps) {
  const navigate = useNavigate();
  const restore = useCommand('restore');
  const form = useForm<RestoreFields>({
    initialValues: { type: 'file', path: proposedPath(point, directories), overwrite: false, uri: '' },
    validate: {
      path: (value, { type }) =>
        type === 'file' && value.trim() === '' ? 'Where should the file be?' : null,
      uri: (value, { type }) =>
        type === 'nbd' && value.trim() === '' ? 'Where is the export? For example nbd://host/export' : null,
    },
    onValuesChange: () => restore.reset(),
  });
  const submit = form.onSubmit((fields) =>
    restore.mutate(
      { pointId: point.id, repositoryId: point.repositoryId, target: toTarget(fields) },
      {
        onSuccess: (run) => void navigate(`/runs/${run.id}`),
        onError: (error) =>
          applyFieldErrors(form, ApiProblem.from(error), (field) => field.replace(/^target\./, '')),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <SegmentedControl
          aria-label="Restore to"
          data={[
            { value: 'file', label: 'To a file' },
            { value: 'nbd', label: 'To an NBD export' },
          ]}
          {...form.getInputProps('type')}
        />
        {form.values.type === 'file' ? (
          <>
            <TextInput
              label="File"
              description={`On the service’s host, below ${directories.join(' or ')}`}
              required
              spellCheck={false}
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('path')}
            />
            <Checkbox
              label="Replace the file if it exists"
              {...form.getInputProps('overwrite', { type: 'checkbox' })}
            />
            <Text size="sm" c="dimmed">
              A raw image of {bytes(point.sizeBytes)}; zeros take no space.
            </Text>
          </>
        ) : (
          <>
            <TextInput
              label="NBD address"
              description="A writable export, at least as large as the disk"
              placeholder="nbd://host:10809/vda"
              required
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps('uri')}
            />
            <Text size="sm" c="dimmed">
              All {bytes(point.sizeBytes)} of the export are overwritten. No machine may be using it.
            </Text>
          </>
        )}
        {restore.error && <ProblemAlert title="The restore cannot start" problem={restore.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={restore.isPending}>
            Start the restore
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
