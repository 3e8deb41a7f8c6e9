import type { Point, RestoreTarget } from '../api/model';

export interface RestoreFields {
  type: RestoreTarget['type'];
  path: string;
  overwrite: boolean;
  uri: string;
}

export function toTarget({ type, path, overwrite, uri }: RestoreFields): RestoreTarget {
  return type === 'file'
    ? { type: 'file', path: path.trim(), format: 'raw', overwrite }
    : { type: 'nbd', uri: uri.trim() };
}

/** A file below the first directory that restores may write to. */
export function proposedPath(point: Point, directories: readonly string[]): string {
  const [directory] = directories;
  const name = fileNameFor(point);
  return directory === undefined ? name : `${directory.replace(/\/+$/, '')}/${name}`;
}

/** `web-01_vda_2025-11-21T02-00.raw`: sorts by time, and is a plain file name whatever the machine is called. */
export function fileNameFor({ machineName, disk, instant }: Point): string {
  const time = instant.slice(0, 16).replace(':', '-');
  return `${plain(machineName)}_${plain(disk)}_${time}.raw`;
}

function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[.-]+/, '') || 'disk';
}
