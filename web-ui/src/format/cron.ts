import cronstrue from 'cronstrue';

export interface SchedulePreset {
  label: string;
  schedule: string;
}

export const presets: readonly SchedulePreset[] = [
  { label: 'Every night', schedule: '0 2 * * *' },
  { label: 'Weeknights', schedule: '0 2 * * 1-5' },
  { label: 'Every week, Sunday night', schedule: '0 3 * * 0' },
  { label: 'Every hour', schedule: '0 * * * *' },
  { label: 'Every 15 minutes', schedule: '*/15 * * * *' },
  { label: 'Every 10 minutes', schedule: '*/10 * * * *' },
];

/**
 * `At 02:00`, or nothing where the expression cannot be put in words. Only the service decides whether an
 * expression is valid.
 */
export function inWords(schedule: string): string | undefined {
  try {
    return cronstrue.toString(schedule.trim(), {
      use24HourTimeFormat: true,
      throwExceptionOnParseError: true,
      // Quartz (six and seven fields) counts from Sunday = 1, five-field cron from Sunday = 0.
      dayOfWeekStartIndexZero: schedule.trim().split(/\s+/).length === 5,
    });
  } catch {
    return undefined;
  }
}
