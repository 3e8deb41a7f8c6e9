import type { ExportRequest } from '../api/model';
import type { PointKey } from '../api/queries';

export interface ExportFields {
  access: 'readOnly' | 'writable';
  limitGib: number | string;
  name: string;
}

const GIB = 1024 ** 3;

export function toRequest(
  { id, repositoryId }: PointKey,
  { access, limitGib, name }: ExportFields,
): ExportRequest {
  const named = name.trim();
  return {
    pointId: id,
    repositoryId,
    writable: access === 'writable',
    ...(access === 'writable' ? { overlayLimitBytes: Math.round(Number(limitGib) * GIB) } : {}),
    ...(named ? { name: named } : {}),
  };
}
