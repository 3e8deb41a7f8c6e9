import dayjs from 'dayjs';

const DAY = 'YYYY-MM-DD';

/** The day so many days from now, or from the end of a lock if that is later; for a date field. */
export function inDays(days: number, after?: string, now = Date.now()): string {
  const start = after && dayjs(after).isAfter(now) ? dayjs(after) : dayjs(now);
  return start.add(days, 'day').format(DAY);
}

/** The last second of a day of a date field, in the viewer's time zone; undefined if it is none, or over. */
export function endOfDay(day: string, now = Date.now()): string | undefined {
  const end = dayjs(day, DAY).endOf('day').startOf('second');
  return end.isValid() && end.isAfter(now) ? end.toISOString() : undefined;
}
