import { describe, expect, it } from 'vitest';
import { point } from '../../dev/api/data';
import { byMachine } from './grouping';
import { fileNameFor, proposedPath, toTarget } from './target';

describe('points by machine and disk', () => {
  it('are newest first, under the newest name', () => {
    const older = point(3, { machineName: 'old name' });
    const newer = point(1, { machineName: 'web-01' });
    const other = point(2, { machineId: 'other', machineName: 'alpha', disk: 'vdb' });
    expect(byMachine([older, other, newer])).toEqual([
      { id: 'other', name: 'alpha', disks: [{ name: 'vdb', points: [other] }] },
      { id: newer.machineId, name: 'web-01', disks: [{ name: 'vda', points: [newer, older] }] },
    ]);
  });
});

describe('the file proposed for a restore', () => {
  it('is a plain file name whatever the machine is called', () => {
    const instant = '2025-11-21T02:00:07Z';
    expect(fileNameFor(point(0, { instant }))).toBe('web-01_vda_2025-11-21T02-00.raw');
    expect(fileNameFor(point(0, { instant, machineName: '../../etc/pass wd', disk: '/' }))).toBe(
      'etc-pass-wd_disk_2025-11-21T02-00.raw',
    );
  });
});

describe('the path proposed for a restore', () => {
  it('is below the first directory that is allowed', () => {
    const instant = '2025-11-21T02:00:07Z';
    expect(proposedPath(point(0, { instant }), ['/srv/restores/', '/mnt'])).toBe(
      '/srv/restores/web-01_vda_2025-11-21T02-00.raw',
    );
  });
});

describe('the target of a restore', () => {
  it('has only what its kind needs', () => {
    const fields = { path: ' a.raw ', overwrite: true, uri: 'nbd://host/vda' };
    expect(toTarget({ ...fields, type: 'file' })).toEqual({
      type: 'file',
      path: 'a.raw',
      format: 'raw',
      overwrite: true,
    });
    expect(toTarget({ ...fields, type: 'nbd' })).toEqual({ type: 'nbd', uri: 'nbd://host/vda' });
  });
});
