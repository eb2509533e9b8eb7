import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import type { Sort } from '../../../domain/filter/types.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { FieldPanel } from '../../fields/field-panel.tsx';
import { formatValue } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { DataSheet, type DataSheetHandle } from '../../ui/data-sheet/data-sheet.tsx';
import type { PanelProps, SheetEdit, SheetNotice } from '../../ui/data-sheet/types.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { CellCard } from './cell-card.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { sheetColumns, type ViewColumn } from './columns.ts';
import { moveColumn } from './move-column.ts';
import { SelectedRange } from './selected-range.ts';
import { StatusLine } from './status-line.tsx';
import { useRecordsText } from './texts.ts';
import type { RecordTableState } from './use-record-table.ts';
import './records.css';

const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar }));
const ConflictDialog = lazy(async () => ({ default: (await import('./conflict-dialog.tsx')).ConflictDialog }));

/** Records that something is to be done with. */
export interface Picked {
  /** null: all that the query finds. */
  ids: string[] | null;
  query: Pick<RecordTableState['query'], 'filter' | 'search'>;
  /** How many, as far as the table knows. */
  n: number;
}

/** The table of one object on a wide screen. What it shows (columns, sort, group) is its caller's; what is in it is `state`'s. */
export function RecordTable({
  object,
  state,
  columns,
  sort,
  groupBy,
  onColumns,
  onSort,
  onGroup,
  onFilterField,
  onOpen,
  onHistory,
  bulkActions,
}: {
  object: ObjectDef;
  state: RecordTableState;
  columns: ViewColumn[];
  sort: Sort[];
  groupBy: string | undefined;
  onColumns(next: ViewColumn[]): void;
  onSort(next: Sort[]): void;
  onGroup(field: string | undefined): void;
  onFilterField(field: FieldDef): void;
  onOpen(id: string): void;
  onHistory(id: string, field: string): void;
  /** What other features can do with the checked records; `done` unchecks them. */
  bulkActions?: (picked: Picked, done: () => void) => ReactNode;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const toasts = useToasts();
  const sheet = useRef<DataSheetHandle>(null);
  const { model, book } = state;
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [selected] = useState(() => new SelectedRange());
  const [menu, setMenu] = useState<{ column: string; at: DOMRect } | null>(null);

  const shown = sheetColumns(object, columns, sort, label);

  const edit = (edits: SheetEdit[]) => {
    void book.apply(
      edits.map((one) => {
        const field = model.field(one.column);
        const value = one.value as FieldValue;
        const typed =
          typeof value === 'string' && field?.type !== 'relation' && field?.type !== 'user' && field?.type !== 'tree';
        const shownAs = typed || !field ? String(value ?? '') : formatValue(value, field, model.env);
        const asText =
          field && typed && (field.type === 'select' || field.type === 'datetime')
            ? formatValue(value, field, model.env)
            : shownAs;
        return {
          id: one.key,
          field: one.column,
          value,
          shown: asText === '…' ? String(value) : asText,
          ...(typeof one.stamp === 'number' && { version: one.stamp }),
        };
      }),
    );
  };

  const notice = (what: SheetNotice) => {
    if (what.kind === 'copied') toasts.info(t('copied-cells', { n: what.cells }));
    else if (what.kind === 'paste-clipped') toasts.info(t('paste-clipped', { n: what.rows }));
    else if (what.kind === 'too-many') toasts.info(t('too-many', { n: what.rows }));
    else toasts.info(t('readonly-cell'));
  };

  const check = (keys: string[], on: boolean) => {
    setEverything(false);
    const next = new Set(checked);
    for (const key of keys) {
      if (on) next.add(key);
      else next.delete(key);
    }
    setChecked(next);
  };

  const uncheck = () => {
    setChecked(new Set());
    setEverything(false);
  };

  const verify = (id: string, field: FieldDef) => {
    void book
      .run([{ op: 'update', object: object.name, id, verify: { fields: [field.name], method: 'phone' } }])
      .then(
        (outcomes) =>
          outcomes.length > 0 &&
          toasts.undoable(t('verify-done', { field: label(field.label) }), () => void book.undo()),
      );
  };

  const panel = ({ session, commit, onKeys, onLeave }: PanelProps) => {
    const field = model.field(session.column.key);
    if (!field) return null;
    return (
      <FieldPanel
        field={field}
        value={model.record(session.spot.row)?.values[field.name]}
        text={session.text}
        typed={session.typed}
        commit={(value, move, words) => {
          if (words !== undefined && typeof value === 'string') model.source.addTitles({ [value]: words });
          commit(value, move);
        }}
        onKeys={onKeys}
        onLeave={onLeave}
      />
    );
  };

  const pickedQuery = everything
    ? state.query
    : {
        object: object.name,
        ...(state.query.fields && { fields: state.query.fields }),
        filter: { field: '$id', op: 'in' as const, value: [...checked] },
      };

  if (state.failed && model.size() === 0) return <Failure error={state.failed} onRetry={state.retry} />;
  return (
    <>
      {(checked.size > 0 || everything) && (
        <Suspense fallback={null}>
          <BulkBar
            object={object}
            count={checked.size}
            everything={everything}
            total={state.total?.value ?? null}
            query={pickedQuery}
            onEverything={() => setEverything(true)}
            actions={bulkActions?.(
              {
                ids: everything ? null : [...checked],
                query: state.query,
                n: everything ? (state.total?.value ?? checked.size) : checked.size,
              },
              uncheck,
            )}
            onClear={uncheck}
          />
        </Suspense>
      )}
      <DataSheet
        ref={sheet}
        model={model}
        columns={shown}
        rowHeight={36}
        readonly={object.appendOnly === true}
        checked={checked}
        allChecked={everything}
        onCheck={check}
        onCheckAll={(on) => {
          setEverything(on);
          if (!on) setChecked(new Set());
        }}
        onEdit={edit}
        onUndo={() => (book.canUndo ? void book.undo() : toasts.info(t('nothing-undo')))}
        onRedo={() => void book.redo()}
        onOpen={(row) => {
          const record = model.record(row);
          if (record) onOpen(record.id);
        }}
        onToggleGroup={(key) => model.source.toggle(Number(key))}
        onResize={(column, width) => onColumns(columns.map((one) => (one.field === column ? { ...one, width } : one)))}
        onMove={(column, before) => onColumns(moveColumn(columns, column, before))}
        onHeaderMenu={(column, at) => setMenu({ column, at })}
        onNotice={notice}
        onSelection={selected.set}
        renderPanel={panel}
        renderHover={(spot, key, column) => {
          const record = model.record(spot.row);
          const field = model.field(column.key);
          if (!record || record.id !== key || !field) return null;
          return (
            <CellCard
              row={record}
              field={field}
              env={model.env}
              pending={book.pending(record.id, field.name)}
              onVerify={() => verify(record.id, field)}
              onHistory={() => onHistory(record.id, field.name)}
            />
          );
        }}
        texts={{
          grid: t('grid', { object: label(object.label) }),
          editorLabel: (row, column, value) =>
            t('cell-label', { row: String(row), column, value: value || t('empty-value') }),
          selectRow: t('select-row'),
          selectAll: t('select-all'),
          columnMenu: t('column-menu'),
          loading: '',
          openRow: t('open-row'),
        }}
      />
      <StatusLine state={state} selected={selected} columns={shown} onGoTo={(row) => sheet.current?.selectAt(row, 0)} />
      {menu && (
        <ColumnMenu
          object={object}
          at={menu.at}
          column={menu.column}
          columns={columns}
          sort={sort}
          groupBy={groupBy}
          onColumns={onColumns}
          onSort={onSort}
          onGroup={onGroup}
          onFilterField={onFilterField}
          onClose={() => setMenu(null)}
        />
      )}
      {state.conflicts.length > 0 && (
        <Suspense fallback={null}>
          <ConflictDialog
            object={object}
            conflicts={state.conflicts}
            env={model.env}
            titleOf={(id) => String(model.source.find(id)?.values[object.title] ?? '')}
            onDone={(mine) => {
              state.dismissConflicts();
              if (mine.length > 0) void book.insist(mine);
              sheet.current?.focus();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
