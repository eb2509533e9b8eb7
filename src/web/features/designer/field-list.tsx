import { ArrowDownOutlined, ArrowUpOutlined, EditOutlined, HolderOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { type DragEvent, useState } from 'react';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldTypeFaces } from '../../fields/field-types.tsx';
import { useLabel } from '../../i18n/core.ts';
import { LeafMark } from '../../ui/leaf.tsx';
import { Card } from '../../ui/page.tsx';
import { MarkHint } from './mark-hint.tsx';
import { moved } from './reorder.ts';
import { useDesignerText } from './texts.ts';

/** Fields in their order. Dragging is a convenience; the buttons do the same for keyboard and screen reader (WCAG 2.5.7). */
export function FieldList({
  object,
  filling,
  onReorder,
  onEdit,
  onBringBack,
}: {
  object: ObjectDef;
  /** Roll-ups that are being worked out. */
  filling: readonly { field: string; done: number; total: number }[];
  onReorder: (names: string[]) => void;
  onEdit: (field: FieldDef) => void;
  onBringBack: (field: FieldDef) => void;
}) {
  const t = useDesignerText();
  const label = useLabel();
  const [query, setQuery] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const inOrder = [...object.fields].sort((a, b) => a.position - b.position);
  const live = inOrder.filter((field) => !field.retired);
  const retired = inOrder.filter((field) => field.retired);
  const wanted = query.trim().toLowerCase();
  const shown = live.filter((field) =>
    wanted === '' ? true : `${field.label.zh} ${field.label.en} ${field.name}`.toLowerCase().includes(wanted),
  );
  const move = (field: FieldDef, to: number) => {
    const names = live.map((one) => one.name);
    const at = names.indexOf(field.name);
    const place = Math.min(names.length - 1, Math.max(0, to));
    if (place === at) return;
    onReorder([...moved(names, at, place), ...retired.map((one) => one.name)]);
    setSaid(t('moved', { field: label(field.label), n: place + 1 }));
  };
  const over = (event: DragEvent, field: FieldDef) => {
    if (!dragged || dragged === field.name) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
  };
  return (
    <Card
      title={t('fields-of', { object: label(object.label) })}
      extra={
        <Input.Search
          allowClear
          size="small"
          className="xk-field-search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      }
    >
      <p className="xk-visually-hidden" role="status">
        {said}
      </p>
      <ol className="xk-fields" title={t('drag')}>
        {shown.map((field) => {
          const at = live.indexOf(field);
          const face = fieldTypeFaces[field.type];
          return (
            <li
              key={field.name}
              draggable={wanted === ''}
              className={dragged === field.name ? 'xk-dragged' : undefined}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', field.name);
                setDragged(field.name);
              }}
              onDragOver={(event) => over(event, field)}
              onDrop={(event) => {
                event.preventDefault();
                const source = live.find((one) => one.name === dragged);
                if (source) move(source, at);
                setDragged(null);
              }}
              onDragEnd={() => setDragged(null)}
            >
              <HolderOutlined className="xk-holder" aria-hidden />
              <span className="xk-field-icon" title={label(face.label)} aria-hidden="true">
                {face.icon}
              </span>
              <button type="button" className="xk-field-name" onClick={() => onEdit(field)}>
                <strong>{label(field.label)}</strong>
                <span className="xk-muted">
                  {field.rollup ? `${t('rollup')} · ${label(face.label)}` : label(face.label)}
                </span>
              </button>
              <MarkHint field={field} />
              <span className="xk-field-marks">
                {filling
                  .filter((one) => one.field === field.name)
                  .map(({ done, total }) => (
                    <span key="filling">
                      {t('rollup-filling', { percent: total > 0 ? Math.floor((100 * done) / total) : 0 })}
                    </span>
                  ))}
                {(field.sensitivity === 'personal' || field.sensitivity === 'sensitive') && (
                  <span>{t(`level-${field.sensitivity}`)}</span>
                )}
                {field.required && <span>{t('required')}</span>}
                {field.unique && <span>{t('unique')}</span>}
                {field.tracked && (
                  <span>
                    <LeafMark state="fresh" size={12} /> {t('tracked')}
                  </span>
                )}
              </span>
              <span className="xk-field-do">
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  disabled={at === 0}
                  aria-label={t('move-up', { field: label(field.label) })}
                  onClick={() => move(field, at - 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  disabled={at === live.length - 1}
                  aria-label={t('move-down', { field: label(field.label) })}
                  onClick={() => move(field, at + 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<EditOutlined />}
                  aria-label={t('edit-field', { field: label(field.label) })}
                  onClick={() => onEdit(field)}
                />
              </span>
            </li>
          );
        })}
      </ol>
      {retired.length > 0 && (
        <details className="xk-retired">
          <summary>{t('retired-fields', { n: retired.length })}</summary>
          <ul className="xk-fields">
            {retired.map((field) => (
              <li key={field.name}>
                <span className="xk-field-icon" aria-hidden="true">
                  {fieldTypeFaces[field.type].icon}
                </span>
                <span className="xk-field-name">
                  <strong>{label(field.label)}</strong>
                  <span className="xk-muted">{label(fieldTypeFaces[field.type].label)}</span>
                </span>
                <Button size="small" onClick={() => onBringBack(field)}>
                  {t('bring-back')}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
