import { CheckOutlined, EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { FieldEditor } from '../../fields/field-editor.tsx';
import type { FormatEnv } from '../../fields/format.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Leaf } from '../../ui/leaf.tsx';
import type { ShownItem } from './list-state.ts';
import { useTodayText } from './texts.ts';

type ShownCell = ShownItem['cells'][number];

/** One value to verify: what it is, how far it can be trusted and why it is asked; one tap says it is still right. */
export function CellLine({
  shown,
  heading,
  field,
  env,
  current,
  editing,
  onFocus,
  onRight,
  onEdit,
  onCorrect,
  onDiscard,
}: {
  shown: ShownCell;
  /** Whose value it is, above the first of them. */
  heading: string | null;
  field: FieldDef | undefined;
  env: FormatEnv;
  /** The keyboard is here. */
  current: boolean;
  editing: boolean;
  onFocus: () => void;
  onRight: () => void;
  onEdit: (on: boolean) => void;
  onCorrect: (value: FieldValue) => void;
  onDiscard: () => void;
}) {
  const t = useTodayText();
  const words = useText();
  const label = useLabel();
  const { cell, mark, refused } = shown;
  const name = label(cell.label);
  const missing = cell.freshness.state === 'missing' || cell.text === '';
  if (mark)
    return (
      <li className="xk-cell xk-cell-done">
        <span className="xk-cell-label">{name}</span>
        <span className="xk-cell-value">{mark === 'right' ? cell.text : ''}</span>
        <span className="xk-cell-mark">{t(mark === 'right' ? 'was-right' : 'was-corrected')}</span>
      </li>
    );
  return (
    <li className={`xk-cell${current ? ' xk-cell-current' : ''}`} data-cell={shown.key} tabIndex={-1} onFocus={onFocus}>
      <div className="xk-cell-what">
        {heading !== null && <span className="xk-cell-of">{heading}</span>}
        <span className="xk-cell-label">{name}</span>
        {editing && field ? (
          <FieldEditor
            field={field}
            value={shown.draft ?? cell.value}
            env={env}
            invalid={refused ?? undefined}
            onCommit={onCorrect}
            onCancel={() => onEdit(false)}
          />
        ) : (
          <span className="xk-cell-value">
            {missing ? <span className="xk-muted">{words('empty')}</span> : cell.text}
          </span>
        )}
        <span className="xk-cell-why">
          <Leaf confidence={cell.freshness.confidence} state={cell.freshness.state} size={14} bare />
          <span>{cell.reason}</span>
        </span>
        {refused !== null && !editing && (
          <span className="xk-cell-refused" role="alert">
            {t('not-saved', { message: refused })}{' '}
            <Button type="link" size="small" onClick={onDiscard}>
              {t('discard')}
            </Button>
          </span>
        )}
      </div>
      {!editing && (
        <div className="xk-cell-do">
          {field && (
            <Button
              className="xk-cell-edit"
              type={missing ? 'default' : 'text'}
              icon={<EditOutlined />}
              aria-label={t('change-for', { title: cell.title, field: name })}
              onClick={() => onEdit(true)}
            >
              {t(missing ? 'fill' : 'change')}
            </Button>
          )}
          {!missing && (
            <Button
              className="xk-cell-right"
              icon={<CheckOutlined />}
              aria-label={t('still-right-for', { title: cell.title, field: name, value: cell.text })}
              onClick={onRight}
            >
              {t('still-right')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
