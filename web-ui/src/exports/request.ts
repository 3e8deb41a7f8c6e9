import type { ExportRequest } from '../api/model';

export interface ExportFields {
  access: 'readOnly' | 'writable';
  limitGib: number | string;
  name: string;
}

const GIB = 1024 ** 3;

export function toRequest(pointId: string, { access, limitGib, name }: ExportFields): ExportRequest {
  const named = name.trim();
  return {
    pointId,
    writable: access === 'writable',
    ...(access === 'writable' ? { overlayLimitBytes: Math.round(Number(limitGib) * GIB) } : {}),
    ...(named ? { name: named } : {}),
  };
}
