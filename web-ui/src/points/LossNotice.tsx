import { useQuery } from '@tanstack/react-query';
import type { DamagedPoint } from '../api/model';
import { queries, type PointKey } from '../api/queries';
import { bytes } from '../format/bytes';
import { reachWords } from '../repository/damageWords';
import { Notice } from '../ui/Notice';
import { StatusBadge } from '../ui/StatusBadge';

const SHOWN = 10;

/** What the repository has lost of a point since it was taken. Nothing for a whole one. */
export function LossNotice({ point }: { point: PointKey }) {
  const { data } = useQuery(queries.pointDamage(point));
  if (!data || !isLost(data)) return null;
  return (
    <Notice title={title(data)}>
      {data.rangeCount > 0 && <>It cannot be read there: {reachWords(data, SHOWN)}. </>}
      {data.map && <>Part of the point’s map is lost, so all below it is. </>}
      {data.record && <>Its record is damaged: {data.record}. </>}
      Everything else can be read. A backup of the machine heals what its disk still has.
    </Notice>
  );
}

/** Whether the point can be read to its last byte. */
export function PointBadge({ point }: { point: PointKey }) {
  const { data } = useQuery(queries.pointDamage(point));
  return data && isLost(data) ? (
    <StatusBadge tone="bad">Damaged</StatusBadge>
  ) : (
    <StatusBadge tone="good">Complete</StatusBadge>
  );
}

function isLost(point: DamagedPoint): boolean {
  return point.rangeCount > 0 || Boolean(point.record);
}

function title(point: DamagedPoint): string {
  return point.bytes > 0
    ? `${bytes(point.bytes)} of this point are damaged in the repository`
    : 'The record of this point is damaged in the repository';
}
