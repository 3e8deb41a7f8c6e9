import {
  Anchor,
  Button,
  Card,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from 'react-router';
import type { Machine, Policy, PolicyRequest } from '../api/model';
import { ApiProblem } from '../api/problem';
import { useCommand } from '../api/queries';
import { localTimeZone } from '../format/time';
import { applyFieldErrors } from '../ui/applyFieldErrors';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { ScheduleFields } from './ScheduleFields';

const NIGHTLY = '0 2 * * *';
const KEEP_DEFAULT = 14;

type PolicyFields = Omit<PolicyRequest, 'keepLast' | 'lockDays'> & {
  keepLast: number | string;
  lockDays: number | string;
};

interface PolicyFormProps {
  machines: readonly Machine[];
  policy?: Policy;
}

export function PolicyForm({ machines, policy }: PolicyFormProps) {
  const navigate = useNavigate();
  const save = useCommand('savePolicy');
  const form = useForm<PolicyFields>({
    initialValues: {
      name: policy?.name ?? '',
      schedule: policy?.schedule ?? NIGHTLY,
      timeZone: policy?.timeZone ?? localTimeZone(),
      keepLast: policy?.keepLast ?? KEEP_DEFAULT,
      lockDays: policy?.lockDays ?? '',
      machineIds: policy?.machineIds ?? [],
      onUnreadable: policy?.onUnreadable ?? 'FAIL',
      enabled: policy?.enabled ?? true,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the policy a name' : null),
      schedule: (value) => (value.trim() === '' ? 'When should it run?' : null),
      keepLast: (value) => (Number(value) >= 1 ? null : 'Keep at least one recovery point'),
    },
  });

  const submit = form.onSubmit((fields) =>
    save.mutate(
      {
        policyId: policy?.id,
        body: {
          ...fields,
          name: fields.name.trim(),
          schedule: fields.schedule.trim(),
          keepLast: Number(fields.keepLast),
          lockDays: fields.lockDays === '' ? undefined : Number(fields.lockDays),
        },
      },
      {
        onSuccess: (saved) => {
          notifyDone(policy ? 'Saved.' : `${saved.name} is in force.`);
          void navigate('/policies');
        },
        onError: (error) => showProblem(ApiProblem.from(error)),
      },
    ),
  );

  const showProblem = (problem: ApiProblem) => {
    applyFieldErrors(form, problem);
    if (problem.code === 'INVALID_SCHEDULE') form.setFieldError('schedule', problem.message);
    if (problem.code === 'INVALID_TIME_ZONE') form.setFieldError('timeZone', problem.message);
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg" maw={760}>
        <Card>
          <TextInput
            label="Name"
            placeholder="Every night"
            required
            maxLength={200}
            {...form.getInputProps('name')}
          />
        </Card>
        <Card>
          <ScheduleFields
            schedule={form.getInputProps('schedule')}
            timeZone={form.getInputProps('timeZone')}
            values={form.values}
          />
        </Card>
        <Card>
          <Stack gap="lg">
            <NumberInput
              label="Recovery points to keep"
              description="For each disk; older ones are deleted after a complete backup"
              min={1}
              max={100_000}
              allowDecimal={false}
              clampBehavior="none"
              maw={260}
              required
              {...form.getInputProps('keepLast')}
            />
            <NumberInput
              label="Lock recovery points for days"
              description="Nobody can delete them before, nor take the lock back; holds for younger ones that are there too; empty for no lock"
              min={1}
              max={36_500}
              allowDecimal={false}
              clampBehavior="none"
              maw={260}
              {...form.getInputProps('lockDays')}
            />
            <Checkbox.Group label="Machines" {...form.getInputProps('machineIds')}>
              <Stack gap={10} mt={8}>
                {machines.length === 0 && (
                  <span>
                    There is no machine yet.{' '}
                    <Anchor component={Link} to="/machines/new" underline="always">
                      Add one
                    </Anchor>
                    , then choose it here.
                  </span>
                )}
                {machines.map(({ id, name }) => (
                  <Checkbox key={id} value={id} label={name} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Select
              label="Where a disk cannot be read"
              data={[
                { value: 'FAIL', label: 'Fail the run, and make no recovery point' },
                { value: 'RECORD', label: 'Record the damage, and save the rest' },
              ]}
              allowDeselect={false}
              maw={420}
              {...form.getInputProps('onUnreadable')}
            />
            <Switch label="Runs on its schedule" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          </Stack>
        </Card>
        {save.error && <ProblemAlert title="The policy is not saved" problem={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {policy ? 'Save' : 'Make the policy'}
          </Button>
          <Button component={Link} to="/policies" variant="default">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
