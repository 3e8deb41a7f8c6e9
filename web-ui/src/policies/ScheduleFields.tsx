import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../api/problem';
import { queries } from '../api/queries';
import { inWords, presets } from '../format/cron';
import { timeZones } from '../format/time';
import { NextRunsPreview } from './NextRunsPreview';

const CUSTOM = 'custom';
const TYPING_MILLIS = 350;

interface ScheduleFieldsProps {
  schedule: GetInputPropsReturnType;
  timeZone: GetInputPropsReturnType;
  values: { schedule: string; timeZone: string };
}

/** Schedule and time zone, with the next five runs as the service reckons them while one types. */
export function ScheduleFields({ schedule, timeZone, values }: ScheduleFieldsProps) {
  const [asked] = useDebouncedValue(values, TYPING_MILLIS);
  const preview = useQuery({
    ...queries.nextRuns(asked.schedule.trim(), asked.timeZone),
    enabled: asked.schedule.trim() !== '',
  });
  const settled = asked.schedule === values.schedule && asked.timeZone === values.timeZone;
  const problem = settled && preview.error ? ApiProblem.from(preview.error) : undefined;
  const aboutZone = problem?.code === 'INVALID_TIME_ZONE';
  const preset = presets.find((each) => each.schedule === values.schedule.trim());
  const words = inWords(values.schedule);
  const setSchedule = schedule.onChange as (value: string) => void;

  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <Select
          label="Schedule"
          allowDeselect={false}
          data={[
            ...presets.map((each) => ({ value: each.schedule, label: each.label })),
            { value: CUSTOM, label: 'Own expression' },
          ]}
          value={preset?.schedule ?? CUSTOM}
          onChange={(value) => value && value !== CUSTOM && setSchedule(value)}
        />
        <TextInput
          label="Expression"
          placeholder="0 2 * * *"
          required
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...schedule}
          description={problem ? undefined : (words ?? 'minute, hour, day, month, weekday')}
          error={problem && !aboutZone ? describe(problem) : (schedule.error as string | undefined)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
      </SimpleGrid>
      <Select
        label="Time zone"
        searchable
        allowDeselect={false}
        data={timeZones()}
        limit={100}
        nothingFoundMessage="No such time zone"
        maw={360}
        {...timeZone}
        error={aboutZone ? describe(problem) : (timeZone.error as string | undefined)}
      />
      <NextRunsPreview
        instants={problem ? [] : (preview.data?.nextRuns ?? [])}
        timeZone={asked.timeZone}
        pending={preview.isFetching || !settled}
        problem={problem}
      />
    </Stack>
  );
}

function describe(problem: ApiProblem): string {
  return [problem.message, problem.hint].filter(Boolean).join(' ');
}
