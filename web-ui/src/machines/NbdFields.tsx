import { ActionIcon, Button, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import classes from './SourceFields.module.css';
import type { MachineFields } from './source';

interface NbdFieldsProps {
  form: UseFormReturnType<MachineFields>;
  onAdd: () => void;
}

export function NbdFields({ form, onAdd }: NbdFieldsProps) {
  const { nbdDisks } = form.values;
  return (
    <Stack gap="md" align="flex-start">
      <Stack gap="md" w="100%" role="list" aria-label="Disks">
        {nbdDisks.map(({ key }, index) => (
          <div key={key} className={classes.disk} role="listitem">
            <TextInput
              label="Disk"
              placeholder="vda"
              required
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps(`nbdDisks.${index}.name`)}
            />
            <TextInput
              label="NBD address"
              placeholder="nbd://host:10809/vda"
              required
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps(`nbdDisks.${index}.uri`)}
            />
            <TextInput
              label="Dirty bitmap"
              placeholder="None"
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps(`nbdDisks.${index}.dirtyBitmap`)}
            />
            <ActionIcon
              className={classes.remove ?? ''}
              size={34}
              aria-label={`Remove disk ${index + 1}`}
              disabled={nbdDisks.length === 1}
              onClick={() => form.removeListItem('nbdDisks', index)}
            >
              <IconTrash size={18} stroke={1.7} aria-hidden />
            </ActionIcon>
          </div>
        ))}
      </Stack>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={onAdd}
      >
        Another disk
      </Button>
    </Stack>
  );
}
