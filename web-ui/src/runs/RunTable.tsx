import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { isActive, type Run } from '../api/model';
import { bytes, rate } from '../format/bytes';
import { span } from '../format/time';
import { DataTable, type Column } from '../ui/DataTable';
import { When } from '../ui/When';
import { RunStateBadge } from './RunStateBadge';
import { runTitle } from './words';

const columns: readonly Column<Run>[] = [
  {
    header: 'Run',
    main: true,
    cell: (run) => (
      <Anchor component={Link} to={`/runs/${run.id}`} className="nj-wrap">
        {runTitle(run)}
      </Anchor>
    ),
  },
  { header: 'State', cell: (run) => <RunStateBadge state={run.state} /> },
  { header: 'Started', cell: (run) => <When instant={run.startedAt ?? run.createdAt} /> },
  {
    header: 'Trigger',
    secondary: true,
    cell: (run) => (run.trigger === 'SCHEDULE' ? 'Schedule' : 'By hand'),
  },
  { header: 'Time', numeric: true, cell: (run) => duration(run) },
  { header: 'Read or written', numeric: true, cell: (run) => amount(run) },
];

export function RunTable({ label, runs }: { label: string; runs: readonly Run[] }) {
  return <DataTable label={label} rows={runs} columns={columns} rowKey={(run) => run.id} />;
}

function duration(run: Run): string {
  if (!run.startedAt || !run.finishedAt) return '–';
  return span(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}

function amount(run: Run): string {
  if (run.kind === 'REBUILD' || run.kind === 'RECLAIM') return '–';
  return isActive(run) && run.bytesPerSecond > 0
    ? `${bytes(run.bytesDone)} at ${rate(run.bytesPerSecond)}`
    : bytes(run.bytesDone);
}
