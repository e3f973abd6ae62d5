import {
  createColumnHelper, createSortedRowModel, rowSortingFeature, sortFns, tableFeatures, useTable, type ColumnDef,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useText } from '../i18n/text';
import style from './DataTable.module.css';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

export interface Column<T> {
  id: string;
  header: string;
  /** What the column is sorted by; without it, it is not sorted. */
  value?: (row: T) => string | number;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the right. */
  numeric?: boolean;
  /** Left out on narrow screens. */
  minor?: boolean;
  /** The header is only read out. */
  hiddenHeader?: boolean;
}

interface Props<T extends object> { caption: string; columns: Column<T>[]; rows: T[]; rowKey: (row: T) => string; rowClass?: (row: T) => string | undefined; even?: boolean }

/** A list of a few hundred rows at most, which can be sorted by its columns. `even`: tables below each other have the same columns. */
export function DataTable<T extends object>({ caption, columns, rows, rowKey, rowClass, even = false }: Props<T>) {
  const { t } = useText();
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return columns.map((column): ColumnDef<typeof features, T> => (column.value
      ? helper.accessor(column.value, { id: column.id, sortFn: 'basic' })
      : helper.display({ id: column.id })) as ColumnDef<typeof features, T>);
  }, [columns]);
  const table = useTable({ features, columns: definitions, data: rows, getRowId: rowKey });
  const byId = new Map(columns.map(column => [column.id, column]));
  const classOf = (column: Column<T> | undefined) => [column?.numeric && style.numeric, column?.minor && style.minor].filter(Boolean).join(' ') || undefined;

  return (
    <div className={style.frame}>
      <table className={`${style.table} ${even ? style.even : ''}`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map(group => (
            <tr key={group.id}>
              {group.headers.map(({ id, column: sorter }) => {
                const column = byId.get(id);
                const sorted = sorter.getIsSorted();
                const header = column?.header ?? '';
                return (
                  <th key={id} scope="col" className={classOf(column)} aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}>
                    {column?.value && sorter.getCanSort()
                      ? (
                        <button type="button" className={style.sort} title={t.common.sort(header)} onClick={() => sorter.toggleSorting(sorted === 'asc')}>
                          {header}
                          {sorted === 'asc' && <ArrowUp size={13} aria-hidden />}
                          {sorted === 'desc' && <ArrowDown size={13} aria-hidden />}
                        </button>
                      )
                      : <span className={column?.hiddenHeader ? 'visually-hidden' : undefined}>{header}</span>}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map(row => (
            <tr key={row.id} className={rowClass?.(row.original)}>
              {columns.map(column => (
                <td key={column.id} className={classOf(column)} data-header={column.hiddenHeader ? undefined : column.header}>{column.cell(row.original)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
