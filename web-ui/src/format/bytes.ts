import { filesize } from 'filesize';

/** Binary units, as disks are measured: `1.5 GiB`. */
export function bytes(count: number): string {
  return filesize(Math.max(0, count), { base: 2, standard: 'iec', round: count >= 1024 * 1024 ? 1 : 0 });
}

export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

/** How many times smaller `stored` is than `logical`: `3.4×`; nothing while there is nothing to compare. */
export function ratio(logical: number, stored: number): string | undefined {
  if (logical <= 0 || stored <= 0) return undefined;
  const times = logical / stored;
  return `${times < 10 ? times.toFixed(1) : count(Math.round(times))}×`;
}

export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
