import { CheckOutlined, EditOutlined, HistoryOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { FieldEditor } from '../../../fields/field-editor.tsx';
import { FieldText } from '../../../fields/field-text.tsx';
import { formatValue } from '../../../fields/format.ts';
import { editingOf } from '../../../fields/kinds.ts';
import { useLabel, useLang } from '../../../i18n/core.ts';
import { Leaf } from '../../../ui/leaf.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import type { Row } from '../block-store.ts';
import { FreshnessLine } from '../cell-card.tsx';
import { liveFields } from '../columns.ts';
import { RecordLink } from './record-link.tsx';
import { useRecordText } from './texts.ts';
import type { RecordState } from './use-record.ts';

const FieldHistory = lazy(async () => ({ default: (await import('./field-history.tsx')).FieldHistory }));

/** Groups of the template are named in Chinese; their English is here until groups carry both languages. */
const GROUPS: Record<string, string> = {
  基本信息: 'Basics',
  联系方式: 'Contact',
  业务关联: 'Business',
  互动行为: 'Interaction',
  标签分类: 'Tags',
  客户价值: 'Value',
  其他: 'Other',
};

/** What is known, in groups: leaf and one tap to verify beside each value, corrected in place. */
export function RecordFields({
  object,
  row,
  state,
  readonly,
  historyOf,
}: {
  object: ObjectDef;
  row: Row;
  state: RecordState;
  readonly: boolean;
  /** Field whose history is open from the start. */
  historyOf?: string | undefined;
}) {
  const t = useRecordText();
  const lang = useLang();
  const [all, setAll] = useState(false);
  const fields = liveFields(object);
  const empty = (field: FieldDef) =>
    formatValue(row.values[field.name], field, state.env) === '' &&
    state.book.pending(row.id, field.name) === undefined;
  // What is tracked and missing is work to do and stays in sight.
  const hidden = fields.filter(
    (field) => empty(field) && !field.tracked && !field.required && field.name !== historyOf,
  );
  const shown = all ? fields : fields.filter((field) => !hidden.includes(field));
  const groups = new Map<string, FieldDef[]>();
  for (const field of shown) {
    const name = field.group ?? '';
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  return (
    <div className="xk-facts">
      {[...groups].map(([name, list]) => (
        <section key={name}>
          <h2>{name === '' ? t('other-group') : lang === 'en' ? (GROUPS[name] ?? name) : name}</h2>
          <dl>
            {list.map((field) => (
              <FieldLine
                key={field.name}
                object={object}
                field={field}
                row={row}
                state={state}
                readonly={readonly}
                openHistory={field.name === historyOf}
              />
            ))}
          </dl>
        </section>
      ))}
      {hidden.length > 0 && (
        <Button type="link" size="small" onClick={() => setAll(!all)}>
          {all ? t('hide-empty') : t('show-empty', { n: hidden.length })}
        </Button>
      )}
    </div>
  );
}

function FieldLine({
  object,
  field,
  row,
  state,
  readonly,
  openHistory,
}: {
  object: ObjectDef;
  field: FieldDef;
  row: Row;
  state: RecordState;
  readonly: boolean;
  openHistory: boolean;
}) {
  const t = useRecordText();
  const label = useLabel();
  const toasts = useToasts();
  const { env, book } = state;
  // The version that was seen when editing began: what another writes meanwhile must be asked about.
  const [editing, setEditing] = useState<number | null>(null);
  const [history, setHistory] = useState<DOMRect | 'open' | null>(openHistory ? 'open' : null);
  const pending = book.pending(row.id, field.name);
  const value = row.values[field.name];
  const cell = row.freshness?.cells[field.name];
  const locked = readonly || object.appendOnly === true || editingOf(field) === 'none';
  const text = formatValue(value, field, env);
  const name = label(field.label);

  const verify = () =>
    void book
      .run([{ op: 'update', object: object.name, id: row.id, verify: { fields: [field.name], method: 'phone' } }])
      .then(
        (outcomes) =>
          outcomes.length > 0 && toasts.undoable(t('verified-one', { field: name }), () => void book.undo()),
      );

  return (
    <div className={`xk-fact${cell ? ` xk-fact-is-${cell.state}` : ''}`}>
      <dt>{name}</dt>
      <dd>
        {editing !== null || pending?.state === 'error' ? (
          <FieldEditor
            field={field}
            value={pending ? (pending.value as typeof value) : value}
            env={env}
            autoFocus={editing !== null}
            invalid={pending?.message}
            onCommit={(next, words) => {
              setEditing(null);
              void book.apply([
                {
                  id: row.id,
                  field: field.name,
                  value: next,
                  shown: words ?? formatValue(next, field, env),
                  ...(editing !== null && { version: editing }),
                },
              ]);
            }}
            onCancel={() => {
              setEditing(null);
              if (pending?.state === 'error') book.discardRefused();
            }}
          />
        ) : (
          <span className="xk-fact-line">
            <span className={`xk-fact-value${pending ? ' xk-fact-saving' : ''}`}>
              {pending ? (
                pending.shown
              ) : field.type === 'relation' && typeof value === 'string' && field.target ? (
                <RecordLink object={field.target} id={value} title={text} />
              ) : (
                text !== '' && <FieldText field={field} value={value} env={env} />
              )}
              {!locked && (
                <button
                  type="button"
                  className={`xk-fact-edit${text === '' && !pending ? '' : ' xk-fact-pencil'}`}
                  aria-label={text === '' && !pending ? undefined : t('edit-field', { field: name })}
                  onClick={() => setEditing(row.version)}
                >
                  {text === '' && !pending ? (
                    <>
                      {t('add-value')} <span className="xk-visually-hidden">{name}</span>
                    </>
                  ) : (
                    <EditOutlined />
                  )}
                </button>
              )}
            </span>
            <span className="xk-fact-tools">
              {cell && cell.state !== 'missing' && <Leaf confidence={cell.confidence} state={cell.state} />}
              {cell && cell.state !== 'missing' && !locked && (
                <button
                  type="button"
                  className="xk-fact-tool xk-fact-verify"
                  aria-label={t('verify-field', { field: name })}
                  title={t('verify-field', { field: name })}
                  onClick={verify}
                >
                  <CheckOutlined />
                </button>
              )}
              <button
                type="button"
                className="xk-fact-tool"
                aria-label={t('history-field', { field: name })}
                title={t('history-field', { field: name })}
                onClick={(event) => setHistory(event.currentTarget.getBoundingClientRect())}
              >
                <HistoryOutlined />
              </button>
            </span>
          </span>
        )}
        {cell && cell.state !== 'missing' && cell.state !== 'fresh' && editing === null && (
          <span className="xk-fact-fresh">
            <FreshnessLine cell={cell} nameOf={env.title} />
          </span>
        )}
      </dd>
      {history && (
        <Suspense fallback={null}>
          <FieldHistory
            object={object}
            field={field}
            row={row}
            state={state}
            anchor={history === 'open' ? null : history}
            readonly={locked}
            onClose={() => setHistory(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
