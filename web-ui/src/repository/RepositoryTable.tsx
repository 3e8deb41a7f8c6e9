import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { RepositoryInfo } from '../api/model';
import { bytes, count } from '../format/bytes';
import { DataTable, type Column } from '../ui/DataTable';
import { StatusBadge } from '../ui/StatusBadge';
import classes from './RepositoryPage.module.css';
import { encryptionWord, kindWords, stateWords } from './words';

const columns: readonly Column<RepositoryInfo>[] = [
  {
    header: 'Repository',
    main: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/repository/${id}`} className="nj-wrap">
        {name}
      </Anchor>
    ),
  },
  { header: 'Kind', cell: ({ kind }) => kindWords[kind] },
  {
    header: 'Location',
    secondary: true,
    cell: ({ location }) => <code className="nj-wrap">{location}</code>,
  },
  {
    header: 'State',
    cell: ({ state }) => <StatusBadge tone={stateWords[state].tone}>{stateWords[state].text}</StatusBadge>,
  },
  { header: 'Encryption', secondary: true, cell: (repository) => encryptionWord(repository) ?? '–' },
  { header: 'Points', numeric: true, cell: ({ contents }) => (contents ? count(contents.points) : '–') },
  { header: 'Stored', numeric: true, cell: ({ contents }) => (contents ? bytes(contents.bytes) : '–') },
];

export function RepositoryTable({ repositories }: { repositories: readonly RepositoryInfo[] }) {
  return repositories.length > 0 ? (
    <DataTable label="Other repositories" rows={repositories} columns={columns} rowKey={({ id }) => id} />
  ) : (
    <p className={classes.nothing}>
      None. A second repository, on another disk or in a bucket, takes copies of recovery points.
    </p>
  );
}
