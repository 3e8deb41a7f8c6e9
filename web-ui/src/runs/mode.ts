import type { RunDisk } from '../api/model';

export const modeWords: Record<RunDisk['mode'], string> = {
  FULL: 'Full',
  INCREMENTAL: 'Incremental',
};
