import type {
  Damage,
  DamagedPoint,
  Export,
  ExportAddress,
  Machine,
  Node,
  Point,
  Policy,
  ProbedDisk,
  RepositoryInfo,
  Run,
  RunDisk,
  Scrub,
} from '../../src/api/model.ts';

/** Example data for the fake. Deterministic ids, instants relative to `now`. */
export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

const HOUR = 3_600_000;

export const id = (kind: number, n: number) =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** The id of the primary repository. */
export const PRIMARY = '3f1c77aa-5b0e-4c1e-9d3f-8a1be2f00d17';

export function disk(over: Partial<RunDisk> = {}): RunDisk {
  return {
    name: 'vda',
    mode: 'INCREMENTAL',
    sizeBytes: 16 * GIB,
    allocatedBytes: 4.2 * GIB,
    dirtyBytes: 310 * MIB,
    readBytes: 310 * MIB,
    zeroBytes: 12 * MIB,
    newBytes: 122 * MIB,
    deduplicatedBytes: 188 * MIB,
    storedBytes: 51 * MIB,
    damagedBytes: 0,
    ...over,
  };
}

export function run(n: number, over: Partial<Run> = {}): Run {
  const created = Date.now() - n * 5 * HOUR - 40_000;
  return {
    id: id(3, n),
    kind: 'BACKUP',
    trigger: 'SCHEDULE',
    state: 'COMPLETE',
    phase: 'DONE',
    machineId: id(1, 1),
    machineName: 'web-01',
    policyId: id(2, 1),
    createdAt: new Date(created).toISOString(),
    startedAt: new Date(created + 80).toISOString(),
    finishedAt: new Date(created + 9_300).toISOString(),
    bytesTotal: 310 * MIB,
    bytesDone: 310 * MIB,
    bytesPerSecond: 0,
    disks: [disk()],
    phases: [
      { phase: 'PREPARING', millis: 240 },
      { phase: 'FREEZING', millis: 31 },
      { phase: 'READING', millis: 7_950 },
      { phase: 'COMMITTING', millis: 410 },
      { phase: 'CLEANING', millis: 120 },
    ],
    pointIds: [id(4, n)],
    healed: [],
    node: 'backup-1',
    ...over,
  };
}

export function node(n: number, over: Partial<Node> = {}): Node {
  return {
    id: id(7, n),
    name: `backup-${n}`,
    state: 'ALIVE',
    startedAt: new Date(Date.now() - 30 * HOUR).toISOString(),
    seenAt: new Date().toISOString(),
    activeRuns: 0,
    self: n === 1,
    ...over,
  };
}

export function point(n: number, over: Partial<Point> = {}): Point {
  return {
    id: id(4, n),
    repositoryId: PRIMARY,
    setId: id(5, n),
    runId: id(3, n),
    machineId: id(1, 1),
    machineName: 'web-01',
    disk: 'vda',
    instant: new Date(Date.now() - n * 5 * HOUR - 30_000).toISOString(),
    sizeBytes: 16 * GIB,
    consistency: 'CRASH',
    mode: n === 4 ? 'FULL' : 'INCREMENTAL',
    state: 'COMPLETE',
    ...(n < 4 ? { parentId: id(4, n + 1) } : {}),
    checkpoint: `nightjar-3f1c77aa-0000000${n}`,
    readBytes: n === 4 ? 4.2 * GIB : 310 * MIB,
    storedBytes: n === 4 ? 1.6 * GIB : 51 * MIB,
    newBytes: n === 4 ? 3.9 * GIB : 122 * MIB,
    damagedBytes: 0,
    damaged: [],
    rootId: '9f2c4be1a07d5538c6e12f90ab34d7715c08e6f2b9a4d3107e65c1f8a2b03d94',
    copied: false,
    ...over,
  };
}

export function address(
  transport: ExportAddress['transport'],
  over: Partial<ExportAddress> = {},
): ExportAddress {
  const where =
    transport === 'TCP' ? 'nbd://127.0.0.1:10809/web-01-vda' : 'nbd+unix:///web-01-vda?socket=/n.sock';
  return {
    uri: where,
    transport,
    tls: false,
    snippets: [
      {
        kind: 'QEMU_BLOCKDEV',
        text: `-blockdev driver=nbd,node-name=nightjar,server.type=inet,server.host=127.0.0.1,server.port=10809,export=web-01-vda,discard=unmap \\\n  -device virtio-blk-pci,drive=nightjar`,
      },
      {
        kind: 'QEMU_DRIVE',
        text: '-drive file.driver=nbd,file.server.type=inet,file.export=web-01-vda,if=virtio',
      },
      {
        kind: 'LIBVIRT',
        text: "<disk type='network' device='disk'>\n  <target dev='vda' bus='virtio'/>\n</disk>",
      },
      { kind: 'NBDCOPY', text: `nbdcopy --progress ${where} web-01-vda.raw` },
      { kind: 'QEMU_IMG', text: `qemu-img convert -p -O qcow2 ${where} web-01-vda.qcow2` },
    ],
    ...over,
  };
}

export function served(n: number, over: Partial<Export> = {}): Export {
  const shown = point(n);
  return {
    id: id(6, n),
    name: `web-01-vda-${n}`,
    node: 'backup-1',
    state: 'OPEN',
    writable: false,
    repositoryId: shown.repositoryId,
    pointId: shown.id,
    machineId: shown.machineId,
    machineName: shown.machineName,
    disk: shown.disk,
    instant: shown.instant,
    sizeBytes: shown.sizeBytes,
    createdAt: new Date(Date.now() - 90_000).toISOString(),
    statistics: { clients: 0, connections: 0, requests: 0, readBytes: 0, writtenBytes: 0, errors: 0 },
    contexts: [],
    addresses: [address('TCP'), address('UNIX')],
    ...over,
  };
}

export const changed = (n: number, over: Partial<Export> = {}): Export =>
  served(n, {
    name: `web-01-vda-${n}-test`,
    writable: true,
    overlay: { usedBytes: 310 * MIB, limitBytes: 10 * GIB, changed: true },
    statistics: {
      clients: 0,
      connections: 1,
      requests: 8_412,
      readBytes: 640 * MIB,
      writtenBytes: 333 * MIB,
      errors: 0,
    },
    ...over,
  });

export const machines = (): Machine[] => [
  {
    id: id(1, 1),
    name: 'web-01',
    description: 'Shop front end',
    source: { type: 'qmp', socket: '/run/vm/web-01/qmp.sock', disks: [] },
    createdAt: new Date(Date.now() - 800 * HOUR).toISOString(),
    lastRun: run(0),
    lastPoint: point(0),
    policyIds: [id(2, 1)],
  },
  {
    id: id(1, 2),
    name: 'db-01',
    source: {
      type: 'nbd',
      disks: [
        { name: 'system', uri: 'nbd+unix:///system?socket=/run/vm/db-01/nbd.sock', dirtyBitmap: 'daily' },
      ],
    },
    createdAt: new Date(Date.now() - 300 * HOUR).toISOString(),
    lastRun: failed(),
    policyIds: [],
  },
];

export const policies = (): Policy[] => [
  {
    id: id(2, 1),
    name: 'Every night',
    schedule: '0 2 * * *',
    timeZone: 'Europe/Berlin',
    keepLast: 14,
    onUnreadable: 'FAIL',
    machineIds: [id(1, 1)],
    enabled: true,
    nextRunAt: new Date(Date.now() + 7 * HOUR).toISOString(),
  },
];

export function failed(): Run {
  return run(1, {
    id: id(3, 90),
    machineId: id(1, 2),
    machineName: 'db-01',
    trigger: 'MANUAL',
    state: 'FAILED',
    phase: 'PREPARING',
    bytesTotal: 0,
    bytesDone: 0,
    disks: [],
    phases: [{ phase: 'PREPARING', millis: 52 }],
    pointIds: [],
    healed: [],
    error: {
      code: 'NBD_CONTEXT_MISSING',
      message: 'Export system does not offer qemu:dirty-bitmap:daily.',
      hint: 'Name a bitmap that the export offers, or leave it empty.',
    },
  });
}

export const probedDisks = (): ProbedDisk[] => [
  {
    name: 'vda',
    sizeBytes: 16 * GIB,
    replyMode: 'EXTENDED',
    contexts: ['base:allocation'],
    extendedHeaders: true,
    bitmapSupport: 'PERSISTENT',
  },
];

export const PASSPHRASE = 'correct horse battery';
export const RECOVERY_KEY = 'ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567-ABCD-EFGH';

export function repository(more: Partial<RepositoryInfo> = {}): RepositoryInfo {
  return {
    id: PRIMARY,
    name: 'Repository',
    role: 'PRIMARY',
    kind: 'DIRECTORY',
    location: '/var/lib/nightjar/repository',
    configured: false,
    createdAt: '2026-03-01T08:00:00Z',
    state: 'OPEN',
    encrypted: false,
    unlocking: 'NOT_NEEDED',
    objectLock: false,
    contents: {
      chunkSize: 65_536,
      formatVersion: 1,
      packs: 58,
      bytes: 1.8 * GIB,
      points: 5,
      chunks: 64_812,
      catalog: 'MATCHES',
    },
    ...more,
  };
}

export const proofs = (): Scrub => ({
  packs: 58,
  bytes: 1.8 * GIB,
  neverChecked: 3,
  oldestProofAt: new Date(Date.now() - 19 * 24 * HOUR).toISOString(),
  withinSeconds: 30 * 86_400,
});

export const damagedPoint = ({
  id: pointId,
  machineId,
  machineName,
  disk,
  instant,
  sizeBytes,
}: Point): DamagedPoint => ({
  id: pointId,
  machineId,
  machineName,
  disk,
  instant,
  sizeBytes,
  bytes: 7 * 65_536,
  rangeCount: 4,
  ranges: [
    { offset: 65_536, length: 65_536 },
    { offset: 12 * MIB, length: 262_144 },
    { offset: 900 * MIB, length: 65_536 },
    { offset: 2 * GIB, length: 65_536 },
  ],
  map: false,
});

export const damage = (): Damage => ({
  chunks: 7,
  packs: [
    {
      id: 'a5379afc7b2c42d0a5c92a537662e13513dd8d7b2240963b3bd68d58267621ce',
      flaws: ['FRAMES'],
      chunks: 6,
      foundAt: new Date(Date.now() - 2 * HOUR).toISOString(),
    },
    {
      id: '0c419afc7b2c42d0a5c92a537662e13513dd8d7b2240963b3bd68d58267621ce',
      flaws: ['MISSING'],
      chunks: 1,
      foundAt: new Date(Date.now() - 2 * HOUR).toISOString(),
    },
  ],
  points: [damagedPoint(point(2)), damagedPoint(point(3))],
});
