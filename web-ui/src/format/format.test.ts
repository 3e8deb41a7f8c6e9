import { describe, expect, it } from 'vitest';
import { bytes, plural, rate, ratio } from './bytes';
import { inWords, presets } from './cron';
import { relative, roughSpan, scheduled, span, timeZones } from './time';

describe('sizes', () => {
  it('are in binary units', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(65_536)).toBe('64 KiB');
    expect(bytes(1.5 * 1024 ** 3)).toBe('1.5 GiB');
    expect(bytes(10 * 1024 ** 4)).toBe('10 TiB');
    expect(rate(340 * 1024 ** 2)).toBe('340 MiB/s');
  });

  it('are compared only when there is something to compare', () => {
    expect(ratio(0, 10)).toBeUndefined();
    expect(ratio(10, 0)).toBeUndefined();
    expect(ratio(34, 10)).toBe('3.4×');
    expect(ratio(500, 10)).toBe('50×');
    expect(ratio(12_345_678, 10)).toBe('1,234,568×');
  });

  it('are counted in words', () => {
    expect(plural(1, 'disk')).toBe('1 disk');
    expect(plural(1_200, 'disk')).toBe('1,200 disks');
  });
});

describe('times', () => {
  it('are relative to now', () => {
    const now = Date.parse('2025-11-21T12:00:00Z');
    expect(relative('2025-11-21T11:57:00Z', now)).toBe('3 minutes ago');
    expect(relative('2025-11-22T12:00:00Z', now)).toBe('in a day');
  });

  it('of a schedule are in its own time zone', () => {
    expect(scheduled('2025-11-21T01:00:00Z', 'Europe/Berlin')).toContain('02:00');
    expect(scheduled('2025-07-21T00:00:00Z', 'Europe/Berlin')).toContain('02:00');
  });

  it('span from milliseconds to hours', () => {
    expect(span(31)).toBe('31 ms');
    expect(span(12_340)).toBe('12.3 s');
    expect(span(245_000)).toBe('4 min 05 s');
    expect(span(7_800_000)).toBe('2 h 10 min');
    expect(span(26 * 3_600_000)).toBe('26 h 0 min');
    expect(roughSpan(8_400)).toBe('8 s');
    expect(roughSpan(65_000)).toBe('1 min 05 s');
  });

  it('know UTC as a time zone', () => {
    expect(timeZones()).toContain('UTC');
    expect(timeZones()).toContain('Europe/Berlin');
  });
});

describe('schedules', () => {
  it('are put in words, five fields and Quartz alike', () => {
    expect(inWords('0 2 * * *')).toBe('At 02:00');
    expect(inWords('0 2 * * 0')).toContain('Sunday');
    expect(inWords('0 0 2 ? * 1')).toContain('Sunday');
  });

  it('are left alone when they cannot be', () => {
    expect(inWords('every night')).toBeUndefined();
    expect(inWords('')).toBeUndefined();
  });

  it('have presets that can be put in words', () => {
    for (const { schedule } of presets) expect(inWords(schedule), schedule).toBeDefined();
  });
});
