import { Collapse, Stack, TagsInput, TextInput, UnstyledButton } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import classes from './SourceFields.module.css';
import type { MachineFields } from './source';

export function QmpFields({ form }: { form: UseFormReturnType<MachineFields> }) {
  const { scratchDirectory, nbdServer } = form.values;
  const [opened, { toggle }] = useDisclosure(scratchDirectory !== '' || nbdServer !== '');
  return (
    <Stack gap="md">
      <TextInput
        label="QMP socket"
        description="The unix socket of the machine’s QMP monitor, on this host"
        placeholder="/run/vm/qmp.sock"
        required
        spellCheck={false}
        autoComplete="off"
        {...form.getInputProps('socket')}
      />
      <TagsInput
        label="Disks"
        description="Node or device names; leave empty for all writable disks"
        placeholder={form.values.disks.length === 0 ? 'All writable disks' : ''}
        {...form.getInputProps('disks')}
      />
      <div>
        <UnstyledButton onClick={toggle} className={classes.more ?? ''} aria-expanded={opened}>
          <IconChevronRight size={16} data-opened={opened} className={classes.chevron} aria-hidden />
          More settings
        </UnstyledButton>
        <Collapse expanded={opened}>
          <Stack gap="md" pt="sm">
            <TextInput
              label="Scratch directory"
              description="Where QEMU keeps old blocks while a run reads; must be writable for QEMU"
              placeholder="Nightjar’s own"
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps('scratchDirectory')}
            />
            <TextInput
              label="NBD server"
              description="Only if the machine runs an NBD server already; otherwise Nightjar starts one for each run"
              placeholder="nbd+unix:///?socket=/run/vm/nbd.sock"
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps('nbdServer')}
            />
          </Stack>
        </Collapse>
      </div>
    </Stack>
  );
}
