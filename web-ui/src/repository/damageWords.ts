import type { DamagedPack, DamagedPoint } from '../api/model';
import { bytes, plural } from '../format/bytes';

export const flawWords: Record<DamagedPack['flaws'][number], string> = {
  MISSING: 'missing',
  LENGTH: 'cut off, or longer than written',
  HEADER: 'header',
  DIRECTORY: 'directory',
  TRAILER: 'trailer',
  OTHER_PACK: 'holds another pack',
  FRAMES: 'content',
  UNREADABLE: 'the disk cannot read it',
};

const SHOWN = 3;

/** Where damage reaches a disk, in a few words. */
export function reachWords(point: DamagedPoint, shown = SHOWN): string {
  if (point.rangeCount === 0) return point.record ? 'its record' : 'nowhere';
  const places = point.ranges
    .slice(0, shown)
    .map(({ offset, length }) => `${bytes(length)} at offset ${offset}`);
  const more = point.rangeCount - places.length;
  return more > 0 ? `${places.join(', ')} and ${plural(more, 'more place')}` : places.join(', ');
}
