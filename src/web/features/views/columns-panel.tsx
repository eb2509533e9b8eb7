import { HolderOutlined, UnorderedListOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { useLabel } from '../../i18n/core.ts';
import { Floating } from '../../ui/floating.tsx';
import { useViewsText } from './texts.ts';
import type { ViewDefinition } from './view-state.ts';

type Column = ViewDefinition['columns'][number];

/** Which columns show and in which order; dragging reorders, Alt+arrows do the same from the keyboard. */
export function ColumnsPanel({
  columns,
  fields,
  title,
  onChange,
}: {
  columns: Column[];
  fields: FieldDef[];
  /** The title column always shows. */
  title: string;
  onChange(next: Column[]): void;
}) {
  const t = useViewsText();
  const label = useLabel();
  const button = useRef<HTMLButtonElement>(null);
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const [find, setFind] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const nameOf = (column: Column) => label(fields.find((field) => field.name === column.field)?.label);
  const shownCount = columns.filter((column) => !column.hidden).length;
  const found = columns.filter((column) => nameOf(column).toLowerCase().includes(find.trim().toLowerCase()));

  const move = (field: string, to: number) => {
    const from = columns.findIndex((column) => column.field === field);
    const moving = columns[from];
    if (!moving || to < 0 || to >= columns.length) return;
    onChange(columns.toSpliced(from, 1).toSpliced(to, 0, moving));
  };

  return (
    <>
      <Button
        ref={button}
        size="small"
        type="text"
        icon={<UnorderedListOutlined />}
        aria-expanded={anchor !== null}
        onClick={() => setAnchor(anchor ? null : (button.current?.getBoundingClientRect() ?? null))}
      >
        {t('columns')} <span className="xk-muted xk-num">{shownCount}</span>
      </Button>
      {anchor && (
        <Floating anchor={anchor} onOutside={() => setAnchor(null)} label={t('columns')}>
          <div className="xk-columns">
            <input
              className="xk-field-input"
              placeholder={t('find-column')}
              aria-label={t('find-column')}
              value={find}
              onChange={(event) => setFind(event.target.value)}
            />
            <ul>
              {found.map((column) => (
                <li
                  key={column.field}
                  draggable={find === ''}
                  onDragStart={() => setDragged(column.field)}
                  onDragOver={(event) => {
                    event.preventDefault();
                    if (dragged && dragged !== column.field)
                      move(
                        dragged,
                        columns.findIndex((one) => one.field === column.field),
                      );
                  }}
                  onDragEnd={() => setDragged(null)}
                  className={dragged === column.field ? 'xk-dragged' : undefined}
                >
                  <label>
                    <input
                      type="checkbox"
                      checked={!column.hidden}
                      disabled={column.field === title}
                      onChange={(event) =>
                        onChange(
                          columns.map((one) =>
                            one.field === column.field ? { ...one, hidden: !event.target.checked } : one,
                          ),
                        )
                      }
                      onKeyDown={(event) => {
                        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
                        event.preventDefault();
                        const at = columns.findIndex((one) => one.field === column.field);
                        move(column.field, at + (event.key === 'ArrowUp' ? -1 : 1));
                      }}
                    />
                    {nameOf(column)}
                  </label>
                  <HolderOutlined className="xk-grip" aria-hidden="true" />
                </li>
              ))}
            </ul>
            <div className="xk-columns-foot">
              <Button
                size="small"
                type="link"
                onClick={() => onChange(columns.map((column) => ({ ...column, hidden: false })))}
              >
                {t('show-all')}
              </Button>
              <Button
                size="small"
                type="link"
                onClick={() => onChange(columns.map((column) => ({ ...column, hidden: column.field !== title })))}
              >
                {t('hide-all')}
              </Button>
            </div>
          </div>
        </Floating>
      )}
    </>
  );
}
