import type { RunDisk } from '../api/model';
import { bytes } from '../format/bytes';
import { Bytes } from '../ui/Bytes';
import { DataTable, type Column } from '../ui/DataTable';
import { Tag } from '../ui/StatusBadge';
import classes from './DiskTable.module.css';
import { modeWords } from './mode';

const columns: readonly Column<RunDisk>[] = [
  { header: 'Disk', main: true, cell: ({ name }) => <span className="nj-wrap">{name}</span> },
  {
    header: 'Mode',
    cell: ({ mode, reason, damagedBytes }) => (
      <>
        <Tag>{modeWords[mode]}</Tag>
        {damagedBytes > 0 && (
          <span className={classes.reason}>{bytes(damagedBytes)} could not be read and are zeros</span>
        )}
        {reason && (
          <span className={classes.reason} title={reason.code}>
            {reason.message}
          </span>
        )}
      </>
    ),
  },
  { header: 'Size', numeric: true, cell: (disk) => <Bytes of={disk.sizeBytes} /> },
  {
    header: 'Allocated',
    numeric: true,
    secondary: true,
    // An increment asks only about what is dirty.
    cell: ({ mode, allocatedBytes }) => (mode === 'FULL' ? <Bytes of={allocatedBytes} /> : '–'),
  },
  { header: 'Dirty', numeric: true, cell: (disk) => <Bytes of={disk.dirtyBytes} /> },
  { header: 'Read', numeric: true, cell: (disk) => <Bytes of={disk.readBytes} /> },
  { header: 'New', numeric: true, cell: (disk) => <Bytes of={disk.newBytes} /> },
  { header: 'Known', numeric: true, secondary: true, cell: (disk) => <Bytes of={disk.deduplicatedBytes} /> },
  { header: 'Stored', numeric: true, cell: (disk) => <Bytes of={disk.storedBytes} /> },
];

export function DiskTable({ disks }: { disks: readonly RunDisk[] }) {
  return <DataTable label="Disks of the run" rows={disks} columns={columns} rowKey={({ name }) => name} />;
}
