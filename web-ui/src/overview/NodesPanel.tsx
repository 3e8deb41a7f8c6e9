import { useQuery } from '@tanstack/react-query';
import type { Node } from '../api/model';
import { queries } from '../api/queries';
import { count } from '../format/bytes';
import { DataTable, type Column } from '../ui/DataTable';
import { Section } from '../ui/Section';
import { StatusBadge } from '../ui/StatusBadge';
import { When } from '../ui/When';

const REFRESH_MILLIS = 10_000;

const columns: readonly Column<Node>[] = [
  {
    header: 'Node',
    main: true,
    cell: ({ name, self }) => <span className="nj-wrap">{self ? `${name} (this one)` : name}</span>,
  },
  {
    header: 'State',
    cell: ({ state }) =>
      state === 'ALIVE' ? (
        <StatusBadge tone="good">There</StatusBadge>
      ) : (
        <StatusBadge tone="bad">Lost</StatusBadge>
      ),
  },
  { header: 'Since', secondary: true, cell: ({ startedAt }) => <When instant={startedAt} /> },
  { header: 'Last seen', cell: ({ seenAt }) => <When instant={seenAt} /> },
  { header: 'Active runs', numeric: true, cell: ({ activeRuns }) => count(activeRuns) },
];

/** The processes that share the database; nothing to see as long as there is one. */
export function NodesPanel() {
  const { data = [] } = useQuery({ ...queries.nodes(), refetchInterval: REFRESH_MILLIS });
  if (data.length < 2) return null;
  return (
    <Section title="Nodes">
      <DataTable label="Nodes" rows={data} columns={columns} rowKey={({ id }) => id} />
    </Section>
  );
}
