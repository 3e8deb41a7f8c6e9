import type { Point } from '../api/model';
import { bytes, plural } from '../format/bytes';
import { Notice } from '../ui/Notice';

const SHOWN = 10;

/** Where the disk could not be read when the point was taken. Nothing for a whole one. */
export function DamageNotice({ point }: { point: Point }) {
  const { damaged, damagedBytes } = point;
  if (damaged.length === 0) return null;
  const places = damaged.slice(0, SHOWN).map(({ offset, length }) => `${bytes(length)} at offset ${offset}`);
  const more = damaged.length - places.length;
  return (
    <Notice title={`${bytes(damagedBytes)} of the disk could not be read`}>
      The point has zeros there: {places.join(', ')}
      {more > 0 && ` and ${plural(more, 'more place')}`}. The next backup tries again.
    </Notice>
  );
}
