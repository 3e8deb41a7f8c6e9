import type { Machine, SourceSpec } from '../api/model';

/** Where a machine is reached, in one line. */
export function address(source: SourceSpec): string {
  switch (source.type) {
    case 'qmp':
      return source.socket;
    case 'nbd':
      return (source.disks ?? []).map(({ uri }) => uri).join(', ');
  }
}

export const sourceWords: Record<SourceSpec['type'], string> = {
  qmp: 'QEMU over QMP',
  nbd: 'NBD export',
};

export interface DiskFields {
  key: string;
  name: string;
  uri: string;
  dirtyBitmap: string;
}

/** The form's fields: those of both kinds of source stay, so that switching loses nothing. */
export interface MachineFields {
  name: string;
  description: string;
  type: SourceSpec['type'];
  socket: string;
  disks: string[];
  scratchDirectory: string;
  nbdServer: string;
  nbdDisks: DiskFields[];
}

let keys = 0;

export function emptyDisk(): DiskFields {
  keys += 1;
  return { key: `disk-${keys}`, name: '', uri: '', dirtyBitmap: '' };
}

export function toFields(machine?: Machine): MachineFields {
  const source = machine?.source;
  const qmp = source?.type === 'qmp' ? source : undefined;
  const nbd = source?.type === 'nbd' ? source : undefined;
  return {
    name: machine?.name ?? '',
    description: machine?.description ?? '',
    type: source?.type ?? 'qmp',
    socket: qmp?.socket ?? '',
    disks: qmp?.disks ?? [],
    scratchDirectory: qmp?.scratchDirectory ?? '',
    nbdServer: qmp?.nbdServer ?? '',
    nbdDisks: nbd?.disks?.length
      ? nbd.disks.map((disk) => ({ ...emptyDisk(), ...disk, dirtyBitmap: disk.dirtyBitmap ?? '' }))
      : [emptyDisk()],
  };
}

export function toSource(fields: MachineFields): SourceSpec {
  if (fields.type === 'qmp') {
    return {
      type: 'qmp',
      socket: fields.socket.trim(),
      disks: fields.disks,
      ...optional('scratchDirectory', fields.scratchDirectory),
      ...optional('nbdServer', fields.nbdServer),
    };
  }
  return {
    type: 'nbd',
    disks: fields.nbdDisks.map(({ name, uri, dirtyBitmap }) => ({
      name: name.trim(),
      uri: uri.trim(),
      ...optional('dirtyBitmap', dirtyBitmap),
    })),
  };
}

function optional<K extends string>(key: K, value: string): Partial<Record<K, string>> {
  return value.trim() === '' ? {} : ({ [key]: value.trim() } as Record<K, string>);
}
