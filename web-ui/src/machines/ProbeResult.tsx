import { IconCircleCheck } from '@tabler/icons-react';
import type { ProbedDisk } from '../api/model';
import { plural } from '../format/bytes';
import { Bytes } from '../ui/Bytes';
import { DataTable, type Column } from '../ui/DataTable';
import classes from './ProbeResult.module.css';

const replyModes: Record<string, string> = {
  EXTENDED: 'extended headers',
  STRUCTURED: 'structured',
  SIMPLE: 'simple',
};

const columns: readonly Column<ProbedDisk>[] = [
  { header: 'Disk', main: true, cell: ({ name }) => <span className="nj-wrap">{name}</span> },
  { header: 'Size', numeric: true, cell: ({ sizeBytes }) => <Bytes of={sizeBytes} /> },
  { header: 'Replies', cell: ({ replyMode }) => replyModes[replyMode] ?? replyMode },
  { header: 'Bitmaps', cell: ({ bitmapSupport }) => bitmapSupport },
];

/** What "Test connection" found. */
export function ProbeResult({ disks }: { disks: readonly ProbedDisk[] }) {
  return (
    <div className={classes.result}>
      <p className={classes.title}>
        <IconCircleCheck size={19} stroke={1.8} aria-hidden />
        The connection works: {plural(disks.length, 'disk')}
      </p>
      <DataTable label="Disks found" rows={disks} columns={columns} rowKey={({ name }) => name} />
    </div>
  );
}
