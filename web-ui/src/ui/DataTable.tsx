import type { ReactNode } from 'react';
import classes from './DataTable.module.css';

export interface Column<T> {
  header: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the right, so that their digits line up. */
  numeric?: boolean;
  /** The cell that names the row. */
  main?: boolean;
  /** Left out where columns get narrow. */
  secondary?: boolean;
  /** For buttons: no header on screen. */
  action?: boolean;
}

interface DataTableProps<T> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
}

/** A table that turns into a list of cards where there is no room for columns. */
export function DataTable<T>({ label, rows, columns, rowKey }: DataTableProps<T>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <caption className={classes.caption}>{label}</caption>
        <thead>
          <tr>
            {columns.map(({ header, numeric, action, secondary }) => (
              <th key={header} scope="col" data-numeric={numeric} data-secondary={secondary}>
                {action ? <span className={classes.caption}>{header}</span> : header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ header, cell, numeric, main, action, secondary }) => (
                <td
                  key={header}
                  data-label={main || action ? undefined : header}
                  data-numeric={numeric}
                  data-main={main}
                  data-secondary={secondary}
                  data-action={action}
                >
                  <div className={classes.cell}>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
