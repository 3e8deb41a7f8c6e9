import dayjs from 'dayjs';
import duration from 'dayjs/plugin/duration';
import relativeTime from 'dayjs/plugin/relativeTime';

dayjs.extend(relativeTime);
dayjs.extend(duration);

/** `3 minutes ago`, `in 5 hours`. */
export function relative(instant: string, now = Date.now()): string {
  return dayjs(instant).from(now);
}

/** `21 Nov 2025, 02:00`, in the viewer's time zone unless another one is given. */
export function absolute(instant: string, timeZone?: string): string {
  return format(instant, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

/** To the second, with the zone. */
export function exact(instant: string, timeZone?: string): string {
  return format(instant, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
}

/** `Fri 21 Nov, 02:00 CET`: for a schedule, where the day of the week matters. */
export function scheduled(instant: string, timeZone: string): string {
  return format(instant, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
}

function format(instant: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(instant));
}

/** `840 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function span(millis: number): string {
  if (millis < 1_000) return `${Math.max(0, Math.round(millis))} ms`;
  if (millis < 60_000) return `${(millis / 1_000).toFixed(1)} s`;
  const time = dayjs.duration(millis);
  return millis < 3_600_000
    ? `${time.minutes()} min ${time.format('ss')} s`
    : `${Math.floor(time.asHours())} h ${time.minutes()} min`;
}

/** As {@link span}, in whole seconds: for what still changes. */
export function roughSpan(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1_000));
  return seconds < 60 ? `${seconds} s` : span(seconds * 1_000);
}

export function localTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function timeZones(): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes('UTC') ? zones : ['UTC', ...zones];
}
