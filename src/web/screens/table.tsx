import { DownloadOutlined, PlusOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api } from '../../contract/api.ts';
import type { ObjectDef } from '../../domain/schema/types.ts';
import { call } from '../api/client.ts';
import { keys, useObject } from '../api/query.ts';
import { MovedRecord, useMergeMarks } from '../features/duplicates/record-merges.tsx';
import { CardList } from '../features/records/card-list.tsx';
import { canGroup } from '../features/records/column-menu.tsx';
import { liveFields, viewColumns } from '../features/records/columns.ts';
import { neighboursOf, rememberList } from '../features/records/record/neighbours.ts';
import { useRecordsText } from '../features/records/texts.ts';
import { TypingHintContext, type TypingHintOf } from '../features/records/typing-hint.ts';
import { useRecordTable } from '../features/records/use-record-table.ts';
import { BoardSwitch } from '../features/views/board-switch.tsx';
import { ColumnsPanel } from '../features/views/columns-panel.tsx';
import { type Editing, FilterBar, SearchBox } from '../features/views/filter-bar.tsx';
import { SortGroup } from '../features/views/sort-group.tsx';
import { useLocalColumns } from '../features/views/use-local-columns.ts';
import { addressOf, isChanged, shapeOf, type TableShape, type View } from '../features/views/view-state.ts';
import { ViewsBar } from '../features/views/views-bar.tsx';
import { useLabel, useNoun } from '../i18n/core.ts';
import type { TableSearch } from '../route-search.ts';
import { EmptyState, Page, Skeleton, useDocumentTitle } from '../ui/page.tsx';
import { usePhone } from '../ui/use-media.ts';

// The sheet and the 360 panel are chunks of their own: the first rows' request goes out before they arrive.
const RecordTable = lazy(async () => ({ default: (await import('../features/records/record-table.tsx')).RecordTable }));
const Board = lazy(async () => ({ default: (await import('../features/records/board/board.tsx')).Board }));
const CreateDialog = lazy(async () => ({
  default: (await import('../features/records/create-dialog.tsx')).CreateDialog,
}));
const AskAction = lazy(async () => ({ default: (await import('../features/asking/ask-action.tsx')).AskAction }));
const MergeAction = lazy(async () => ({
  default: (await import('../features/duplicates/merge-action.tsx')).MergeAction,
}));
const MergeSelected = lazy(async () => ({
  default: (await import('../features/duplicates/merge-action.tsx')).MergeSelected,
}));
const MassActions = lazy(async () => ({ default: (await import('../features/mass/mass-actions.tsx')).MassActions }));
const TypingHint = lazy(async () => ({ default: (await import('../features/duplicates/typing-hint.tsx')).TypingHint }));
const RecordPanel = lazy(async () => ({
  default: (await import('../features/records/record/record-panel.tsx')).RecordPanel,
}));

/** The table of one object: 客户 and every other. All state that is worth sending to a colleague is in the address. */
export function TableScreen() {
  const params = useParams({ strict: false });
  const name = params.object ?? 'customer';
  const object = useObject(name);
  const t = useRecordsText();
  if (!object) return <EmptyState title={t('unknown-object')} />;
  return <TableOf key={name} object={object} />;
}

function TableOf({ object }: { object: ObjectDef }) {
  const t = useRecordsText();
  const label = useLabel();
  const phone = usePhone();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as TableSearch;
  const [creatingHere, setCreatingHere] = useState(false);
  const [preset, setPreset] = useState<Record<string, string>>();
  // ⌘K asks for a new record by the address.
  const creating = creatingHere || search.open === 'new';
  const setCreating = (on: boolean) => {
    setCreatingHere(on);
    if (!on) setPreset(undefined);
    if (!on && search.open === 'new') go({ open: undefined }, true);
  };
  const [editing, setEditing] = useState<Editing | null>(null);
  const [focusField, setFocusField] = useState<string | undefined>();
  const tools = useRef<HTMLDivElement>(null);

  const views = useQuery({
    queryKey: keys.views(object.name),
    queryFn: async ({ signal }) =>
      (await call(api.catalog.views, { query: { object: object.name }, signal })).views as View[],
    placeholderData: keepPreviousData,
  });
  // The first view is where one arrives; the address names another.
  const view = views.data?.find((one) => one.id === search.view) ?? views.data?.[0];
  const definition = view?.definition;
  const shape = shapeOf(definition, search);
  const fields = liveFields(object);
  const local = useLocalColumns(object.name, view?.id, viewColumns(object, definition?.columns ?? []));
  const { columns } = local;
  // Columns of the field that is there; a view may name one that was retired since.
  const by = shape.board && fields.find((field) => field.name === shape.board?.by && field.type === 'select');

  const go = (patch: TableSearch, replace = false) =>
    void navigate({ to: '.', search: (old) => clean({ ...old, ...patch }), replace });
  const reshape = (patch: Partial<TableShape>) => go(addressOf(definition, { ...shape, ...patch }));

  // The view must be known before rows are asked for, or they would be asked for twice.
  const waiting = views.isPending;
  const state = useRecordTable(object, {
    filter: shape.filter,
    search: search.q,
    sort: shape.sort,
    groupBy: by ? undefined : shape.groupBy,
    fields: columns.filter((column) => !column.hidden).map((column) => column.field),
  });
  useEffect(() => {
    // Asked for while the sheet's chunk is on its way.
    if (!waiting && !by) state.model.need(0, 40);
  }, [waiting, by, state.model]);
  useDocumentTitle(label(object.plural));

  const open = (id: string, list = state.model.source.around(id)) => {
    rememberList(object.name, list);
    if (phone) void navigate({ to: '/o/$object/$id', params: { object: object.name, id } });
    else go({ open: id });
  };
  const filtered = shape.filter !== undefined || (search.q ?? '') !== '';
  const nothing = state.total?.value === 0;
  const marks = useMergeMarks(phone ? undefined : object, search.open && search.open !== 'new' ? search.open : '');
  const noun = useNoun();
  const objectName = noun(object.label);

  return (
    <div className="xk-table-screen">
      <div className="xk-table-head">
        <h1>{label(object.plural)}</h1>
        <ViewsBar
          object={object.name}
          views={views.data ?? []}
          current={view}
          changed={isChanged(addressOf(definition, shape)) || local.changed}
          definition={{
            columns,
            sort: shape.sort,
            ...(shape.filter && { filter: shape.filter }),
            ...(shape.groupBy && { groupBy: shape.groupBy }),
            ...(shape.board && { board: shape.board }),
          }}
          onPick={(id) => go({ view: id, ...AS_SAVED })}
          onReset={() => {
            local.reset();
            go(AS_SAVED);
          }}
        />
        {!object.appendOnly && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
            {phone ? '' : t('new', { object: objectName })}
            {phone && <span className="xk-visually-hidden">{t('new', { object: objectName })}</span>}
          </Button>
        )}
      </div>
      <div className="xk-table-tools" ref={tools}>
        <SearchBox value={search.q ?? ''} onChange={(q) => go({ q: q === '' ? undefined : q }, true)} />
        <FilterBar
          fields={fields}
          filter={shape.filter}
          env={state.model.env}
          editing={editing}
          onEditing={setEditing}
          onChange={(filter) => reshape({ filter })}
        />
        <span className="xk-table-tools-gap" />
        <BoardSwitch object={object} board={shape.board} onChange={(board) => reshape({ board })} />
        <SortGroup
          fields={fields}
          groupable={by ? [] : fields.filter(canGroup)}
          sort={shape.sort}
          groupBy={shape.groupBy}
          onSort={(sort) => reshape({ sort })}
          onGroup={(groupBy) => reshape({ groupBy })}
        />
        {!phone && <ColumnsPanel columns={columns} fields={fields} title={object.title} onChange={local.set} />}
      </div>
      <div className="xk-table-main">
        <div className="xk-table-left">
          {waiting ? (
            <Page>
              <Skeleton lines={12} />
            </Page>
          ) : by ? (
            <Suspense fallback={<Skeleton lines={12} />}>
              <Board
                object={object}
                query={{ by, sum: shape.board?.sum, filter: shape.filter, search: search.q, sort: shape.sort }}
                fields={columns
                  .filter(({ hidden }) => !hidden)
                  .flatMap(({ field }) => fields.find((one) => one.name === field) ?? [])}
                onOpen={open}
                onCreate={(start) => {
                  setPreset(start);
                  setCreating(true);
                }}
              />
            </Suspense>
          ) : nothing ? (
            <EmptyState
              title={t(filtered ? 'no-match' : 'empty-title', { object: noun(object.plural) })}
              hint={t(filtered ? 'no-match-hint' : 'empty-hint')}
              action={
                filtered ? (
                  <Button
                    onClick={() => go({ q: undefined, ...addressOf(definition, { ...shape, filter: undefined }) })}
                  >
                    {t('clear-filters')}
                  </Button>
                ) : (
                  <>
                    <Link to="/import" className="xk-button">
                      <DownloadOutlined />
                      {t('import-file')}
                    </Link>
                    <Button onClick={() => setCreating(true)}>{t('new', { object: objectName })}</Button>
                  </>
                )
              }
            />
          ) : phone ? (
            <CardList object={object} state={state} fields={fields} onOpen={open} />
          ) : (
            <Suspense
              fallback={
                <Page>
                  <Skeleton lines={12} />
                </Page>
              }
            >
              <RecordTable
                bulkActions={({ ids, query, n }, done) => (
                  <Suspense fallback={null}>
                    <MassActions
                      object={object}
                      target={{
                        object: object.name,
                        ...(ids
                          ? { ids }
                          : {
                              ...(query.filter && { filter: query.filter }),
                              ...(query.search && { search: query.search }),
                            }),
                      }}
                      n={n}
                      env={state.model.env}
                      onStarted={done}
                    />
                    {ids && <MergeSelected object={object} ids={ids} onMerged={done} />}
                  </Suspense>
                )}
                object={object}
                state={state}
                columns={columns}
                sort={shape.sort}
                groupBy={shape.groupBy}
                onColumns={local.set}
                onSort={(sort) => reshape({ sort })}
                onGroup={(groupBy) => reshape({ groupBy })}
                onFilterField={(field) => {
                  const at = tools.current?.getBoundingClientRect();
                  if (at) setEditing({ at: 'new', start: { field: field.name }, anchor: at });
                }}
                onOpen={open}
                onHistory={(id, field) => {
                  setFocusField(field);
                  open(id);
                }}
              />
            </Suspense>
          )}
        </div>
        {!phone && search.open && search.open !== 'new' && (
          <aside className="xk-table-side" aria-label={label(object.label)}>
            <Suspense fallback={<Skeleton title lines={10} />}>
              <RecordPanel
                key={search.open}
                object={object}
                id={search.open}
                historyOf={focusField}
                {...neighboursOf(object.name, search.open)}
                actions={
                  <Suspense fallback={null}>
                    <AskAction object={object} id={search.open} />
                    <MergeAction object={object} id={search.open} onMerged={open} />
                  </Suspense>
                }
                marks={marks}
                gone={(otherwise) => (
                  <MovedRecord object={object} id={search.open ?? ''} onMoved={open} fallback={otherwise} />
                )}
                onGo={(id) => {
                  setFocusField(undefined);
                  open(id);
                }}
                onClose={() => {
                  setFocusField(undefined);
                  go({ open: undefined });
                }}
              />
            </Suspense>
          </aside>
        )}
      </div>
      {creating && (
        <TypingHintContext value={hintWhileTyping}>
          <Suspense fallback={null}>
            <CreateDialog
              object={object}
              env={state.model.env}
              {...(preset && { preset })}
              onClose={() => setCreating(false)}
              onCreated={(id) => {
                setCreating(false);
                state.model.source.expire();
                open(id);
              }}
            />
          </Suspense>
        </TypingHintContext>
      )}
    </div>
  );
}

const hintWhileTyping: TypingHintOf = (object, values) => (
  <Suspense fallback={null}>
    <TypingHint object={object} values={values} />
  </Suspense>
);

const AS_SAVED: TableSearch = { filter: undefined, sort: undefined, group: undefined, board: undefined };

const clean = (search: TableSearch): TableSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== '')) as TableSearch;
