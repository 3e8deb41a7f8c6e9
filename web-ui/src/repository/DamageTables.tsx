import { Anchor, Stack } from '@mantine/core';
import { Link } from 'react-router';
import type { Damage, DamagedPack, DamagedPoint } from '../api/model';
import { bytes, count, plural } from '../format/bytes';
import { absolute } from '../format/time';
import { pointPath } from '../points/path';
import { Bytes } from '../ui/Bytes';
import { DataTable, type Column } from '../ui/DataTable';
import { Notice } from '../ui/Notice';
import { When } from '../ui/When';
import { flawWords, reachWords } from './damageWords';

const points = (elsewhere?: string): readonly Column<DamagedPoint>[] => [
  {
    header: 'Recovery point',
    main: true,
    cell: ({ id, instant }) => (
      <Anchor component={Link} to={pointPath(id, elsewhere)}>
        {absolute(instant)}
      </Anchor>
    ),
  },
  { header: 'Machine', cell: ({ machineName }) => <span className="nj-wrap">{machineName}</span> },
  { header: 'Disk', cell: ({ disk }) => <span className="nj-wrap">{disk}</span> },
  { header: 'Where', cell: (point) => reachWords(point) },
  { header: 'Unreadable', numeric: true, cell: (point) => <Bytes of={point.bytes} /> },
];

const packs: readonly Column<DamagedPack>[] = [
  { header: 'Pack', main: true, cell: ({ id }) => <code title={id}>{id.slice(0, 16)}…</code> },
  { header: 'What is wrong', cell: ({ flaws }) => flaws.map((flaw) => flawWords[flaw]).join(', ') },
  { header: 'Found', cell: ({ foundAt }) => <When instant={foundAt} /> },
  { header: 'Chunks', numeric: true, cell: ({ chunks }) => count(chunks) },
];

/** What is damaged, and what that reaches. */
interface DamageTablesProps {
  damage: Damage;
  /** The repository that is damaged, if it is not the primary one. */
  elsewhere?: string | undefined;
}

export function DamageTables({ damage, elsewhere }: DamageTablesProps) {
  return (
    <Stack gap="md">
      <Notice title={title(damage)}>
        Everything else can be read. Back up the machines: what their disks still have heals by that, for all
        recovery points. Then look for the cause: the kernel’s log tells of failing disks.
      </Notice>
      {damage.points.length > 0 && (
        <DataTable
          label="Recovery points that damage reaches"
          rows={damage.points}
          columns={points(elsewhere)}
          rowKey={({ id }) => id}
        />
      )}
      {damage.packs.length > 0 && (
        <DataTable label="Damaged packs" rows={damage.packs} columns={packs} rowKey={({ id }) => id} />
      )}
    </Stack>
  );
}

function title({ chunks, packs: files, points: reached }: Damage): string {
  if (chunks === 0 && reached.length === 0) {
    return `${plural(files.length, 'damaged pack')}, of which nothing is lost`;
  }
  const lost = bytes(reached.reduce((sum, point) => sum + point.bytes, 0));
  return `Damage reaches ${plural(reached.length, 'recovery point')}, ${lost} in all`;
}
