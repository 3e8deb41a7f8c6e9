import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Export } from '../api/model';
import { bytes, count } from '../format/bytes';
import { absolute } from '../format/time';
import { DataTable, type Column } from '../ui/DataTable';
import { StatusBadge, Tag } from '../ui/StatusBadge';
import { When } from '../ui/When';
import { modeWord, stateWords } from './words';

const name: Column<Export> = {
  header: 'Export',
  main: true,
  cell: (served) => (
    <Anchor component={Link} to={`/exports/${served.id}`} className="nj-wrap">
      {served.name}
    </Anchor>
  ),
};

const shows: Column<Export> = {
  header: 'Shows',
  cell: ({ machineName, disk, instant }) => (
    <span className="nj-wrap">
      {machineName}, {disk}, {absolute(instant)}
    </span>
  ),
};

const others: readonly Column<Export>[] = [
  { header: 'Access', cell: (served) => <Tag>{modeWord(served)}</Tag> },
  {
    header: 'State',
    cell: ({ state }) => <StatusBadge tone={stateWords[state].tone}>{stateWords[state].text}</StatusBadge>,
  },
  { header: 'Clients', numeric: true, cell: ({ statistics }) => count(statistics.clients) },
  { header: 'Read', numeric: true, secondary: true, cell: ({ statistics }) => bytes(statistics.readBytes) },
  {
    header: 'Written',
    numeric: true,
    secondary: true,
    cell: ({ overlay }) => (overlay ? bytes(overlay.usedBytes) : '–'),
  },
  { header: 'Opened', cell: ({ createdAt }) => <When instant={createdAt} /> },
];

interface ExportTableProps {
  label: string;
  exports: readonly Export[];
  /** Where all of them show the same point. */
  ofOnePoint?: boolean;
}

export function ExportTable({ label, exports, ofOnePoint = false }: ExportTableProps) {
  const columns = ofOnePoint ? [name, ...others] : [name, shows, ...others];
  return <DataTable label={label} rows={exports} columns={columns} rowKey={({ id }) => id} />;
}
