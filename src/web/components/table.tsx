/**
 * A table that becomes stacked rows below 768 px, with a label before each value. Changed `display` drops the
 * table from the accessibility tree in some browsers, so the roles are written out.
 */
import type { ComponentChildren } from 'preact';

/** Redundant by the book, needed once CSS stacks the rows (see above). */
const role = (name: 'table' | 'rowgroup' | 'row' | 'cell' | 'columnheader' | 'rowheader') => ({ role: name });

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers: right-aligned. */
  readonly end?: boolean;
  /** This column names the row. One a table. */
  readonly heads?: boolean;
  /** No label in stacked rows: the content says it. */
  readonly bare?: boolean;
  readonly class?: string;
  /** The heading is only for a screen reader. */
  readonly hiddenLabel?: boolean;
}

export interface TableProps<Row> {
  /** Read by a screen reader; shown only when `showCaption`. */
  readonly caption: string;
  readonly showCaption?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The row whose panel is open. */
  readonly isOpen?: (row: Row) => boolean;
}

export function Table<Row>({ caption, showCaption, columns, rows, keyOf, isOpen }: TableProps<Row>) {
  return (
    <table {...role('table')}>
      <caption class={showCaption ? undefined : 'hidden'}>{caption}</caption>
      <thead {...role('rowgroup')}>
        <tr {...role('row')}>
          {columns.map((column) => (
            <th
              key={column.label}
              scope="col"
              class={column.end ? 'end' : undefined}
              {...role('columnheader')}
            >
              <span class={column.hiddenLabel ? 'hidden' : undefined}>{column.label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...role('rowgroup')}>
        {rows.map((row) => (
          <tr key={keyOf(row)} class={isOpen?.(row) ? 'open' : undefined} {...role('row')}>
            {columns.map((column) => (
              <Cell key={column.label} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = [column.end ? 'end' : '', column.class ?? ''].filter(Boolean).join(' ') || undefined;
  const content = column.cell(row);
  return column.heads ? (
    <th scope="row" class={className} {...role('rowheader')}>
      {content}
    </th>
  ) : (
    <td class={className} data-label={column.bare ? undefined : column.label} {...role('cell')}>
      {content}
    </td>
  );
}
