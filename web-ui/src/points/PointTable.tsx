import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Point } from '../api/model';
import { absolute } from '../format/time';
import { modeWords } from '../runs/mode';
import { Bytes } from '../ui/Bytes';
import { DataTable, type Column } from '../ui/DataTable';
import { StatusBadge, Tag } from '../ui/StatusBadge';
import { When } from '../ui/When';
import { pointPath } from './path';
import { RestoreButton } from './RestoreButton';

const columns = (elsewhere?: string): readonly Column<Point>[] => [
  {
    header: 'Instant',
    main: true,
    cell: ({ id, instant }) => (
      <Anchor component={Link} to={pointPath(id, elsewhere)}>
        {absolute(instant)}
      </Anchor>
    ),
  },
  { header: 'Age', cell: ({ instant }) => <When instant={instant} /> },
  { header: 'Disk', cell: ({ disk }) => <span className="nj-wrap">{disk}</span> },
  {
    header: 'Mode',
    cell: ({ mode, damagedBytes }) => (
      <>
        <Tag>{modeWords[mode]}</Tag> {damagedBytes > 0 && <StatusBadge tone="warn">Damaged</StatusBadge>}
      </>
    ),
  },
  { header: 'Size', numeric: true, secondary: true, cell: ({ sizeBytes }) => <Bytes of={sizeBytes} /> },
  { header: 'Read', numeric: true, secondary: true, cell: ({ readBytes }) => <Bytes of={readBytes} /> },
  { header: 'Stored for it', numeric: true, cell: ({ storedBytes }) => <Bytes of={storedBytes} /> },
  { header: 'Actions', action: true, cell: (point) => <RestoreButton point={point} compact /> },
];

interface PointTableProps {
  label: string;
  points: readonly Point[];
  /** The repository that they are in, if it is not the primary one. */
  elsewhere?: string | undefined;
}

export function PointTable({ label, points, elsewhere }: PointTableProps) {
  return <DataTable label={label} rows={points} columns={columns(elsewhere)} rowKey={({ id }) => id} />;
}
