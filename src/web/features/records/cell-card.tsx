import { CheckOutlined, HistoryOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { type CellFreshness, fromNow, methodWords, span } from '../../fields/freshness-words.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Leaf } from '../../ui/leaf.tsx';
import type { Row } from './block-store.ts';
import type { Pending } from './edit-book.ts';
import { useRecordsText } from './texts.ts';

const DAY = 86_400_000;

/** “3 个月前由 王芳 电话核实 · 现在可信度 81%”. */
export function FreshnessLine({ cell, nameOf }: { cell: CellFreshness; nameOf: (id: string) => string | undefined }) {
  const t = useRecordsText();
  const lang = useLang();
  const how = methodWords(cell.method, lang);
  const parts: string[] = [];
  if (cell.state === 'missing') parts.push(t('no-value'));
  else {
    const by = cell.by ? (nameOf(cell.by) ?? cell.by) : null;
    if (cell.verifiedAt && by) parts.push(t('verified-by', { ago: fromNow(cell.verifiedAt, lang), by, how }).trim());
    else if (cell.verifiedAt) parts.push(t('verified-at', { ago: fromNow(cell.verifiedAt, lang), how }).trim());
    else parts.push(cell.changedAt ? t('changed-ago', { ago: fromNow(cell.changedAt, lang) }) : t('never-verified'));
    if (cell.signal) parts.push(t('signal', { what: cell.signal.label[lang], ago: fromNow(cell.signal.at, lang) }));
    parts.push(t('confidence-now', { percent: Math.round(cell.confidence * 100) }));
  }
  if (cell.dueAt) {
    const late = (Date.now() - Date.parse(cell.dueAt)) / DAY;
    parts.push(late > 0 ? t('overdue', { span: span(late, lang) }) : t('due-in', { when: fromNow(cell.dueAt, lang) }));
  }
  return <span>{parts.join(' · ')}</span>;
}

/** What resting on a cell tells: value in full, freshness, one tap to verify, or why what was typed is not saved. */
export function CellCard({
  row,
  field,
  env,
  pending,
  onVerify,
  onHistory,
}: {
  row: Row;
  field: FieldDef;
  env: FormatEnv;
  pending: Pending | undefined;
  onVerify?: (() => void) | undefined;
  onHistory(): void;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const value = row.values[field.name];
  const cell = row.freshness?.cells[field.name];
  const text = formatValue(value, field, env);
  return (
    <div className="xk-cell-card">
      <div className="xk-cell-card-head">
        <span className="xk-muted">{label(field.label)}</span>
        {cell && <Leaf confidence={cell.confidence} state={cell.state} />}
      </div>
      {pending?.state === 'error' ? (
        <div className="xk-cell-card-error" role="alert">
          <strong>{t('typed-not-saved')}</strong> {pending.message}
          <div className="xk-muted">{t('stored-value', { value: text || t('empty-value') })}</div>
        </div>
      ) : (
        text !== '' && (
          <div className="xk-cell-card-value">
            <FieldText field={field} value={value} env={env} />
          </div>
        )
      )}
      {cell && (
        <p className="xk-cell-card-line">
          <FreshnessLine cell={cell} nameOf={env.title} />
        </p>
      )}
      <div className="xk-cell-card-actions">
        {cell && cell.state !== 'missing' && onVerify && pending === undefined && (
          <Button size="small" type="primary" icon={<CheckOutlined />} onClick={onVerify}>
            {t('still-right')}
          </Button>
        )}
        <Button size="small" type="text" icon={<HistoryOutlined />} onClick={onHistory}>
          {t('see-history')}
        </Button>
      </div>
    </div>
  );
}
