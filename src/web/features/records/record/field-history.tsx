import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { api } from '../../../../contract/api.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { keys } from '../../../api/query.ts';
import { formatMoment, formatValue } from '../../../fields/format.ts';
import { useLabel } from '../../../i18n/core.ts';
import { Floating } from '../../../ui/floating.tsx';
import { Skeleton } from '../../../ui/page.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import type { Row } from '../block-store.ts';
import { sourceWords } from './source-words.ts';
import { useRecordText } from './texts.ts';
import type { RecordState } from './use-record.ts';

/** Every value a field has had: who, when, from where; each can be put back, which is an ordinary change with its own undo. */
export function FieldHistory({
  object,
  field,
  row,
  state,
  anchor,
  readonly,
  onClose,
}: {
  object: ObjectDef;
  field: FieldDef;
  row: Row;
  state: RecordState;
  /** Where it hangs; null shows it as a dialog. */
  anchor: DOMRect | null;
  readonly: boolean;
  onClose(): void;
}) {
  const t = useRecordText();
  const label = useLabel();
  const toasts = useToasts();
  const { env, book } = state;
  const history = useQuery({
    queryKey: [...keys.record(object.name, row.id), 'history', field.name],
    queryFn: ({ signal }) =>
      call(api.records.history, {
        params: { object: object.name, id: row.id },
        query: { field: field.name, limit: 100 },
        signal,
      }),
  });
  const name = label(field.label);
  const show = (value: FieldValue) => formatValue(value, field, env);
  const putBack = (value: FieldValue) => {
    onClose();
    void book
      .apply([{ id: row.id, field: field.name, value, shown: show(value) }])
      .then(() => toasts.undoable(t('put-back-done', { field: name }), () => void book.undo()));
  };
  const content: ReactNode = (
    <div className="xk-history">
      {anchor && <h2>{t('history-title', { field: name })}</h2>}
      {history.isPending && <Skeleton lines={3} />}
      {history.data?.entries.length === 0 && <p className="xk-muted">{t('history-empty')}</p>}
      <ol>
        {history.data?.entries.map((entry, index) => {
          const change = entry.fields.find((one) => one.field === field.name);
          if (!change) return null;
          const after = show(change.after);
          const isNow = index === 0 || JSON.stringify(change.after) === JSON.stringify(row.values[field.name]);
          return (
            <li key={`${entry.changeSet}${entry.version}`} className={`xk-history-${entry.kind}`}>
              <div>
                {entry.kind === 'verify' ? (
                  <span>{t('kind-verify', { fields: '' })}</span>
                ) : entry.kind === 'evidence' ? (
                  <span>{label(entry.evidence?.label)}</span>
                ) : (
                  <span className="xk-muted">{after === '' ? t('value-cleared') : t('value-set')}</span>
                )}{' '}
                <strong>{after}</strong>
                {index === 0 && <span className="xk-history-now">{t('current')}</span>}
              </div>
              <div className="xk-muted xk-history-meta">
                {formatMoment(entry.at, env.timeZone)} ·{' '}
                {entry.actorName ?? (entry.actor === 'system' ? t('by-system') : entry.actor)} ·{' '}
                {sourceWords(entry.source, t)}
                {entry.reason && ` · ${t('reason', { reason: entry.reason })}`}
              </div>
              {!readonly && !isNow && entry.kind !== 'verify' && entry.kind !== 'evidence' && (
                <Button size="small" type="link" onClick={() => putBack(change.after)}>
                  {t('put-back')}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
  if (anchor)
    return (
      <Floating anchor={anchor} onOutside={onClose} label={t('history-title', { field: name })}>
        {content}
      </Floating>
    );
  return (
    <Modal open title={t('history-title', { field: name })} footer={null} onCancel={onClose} width={460}>
      {content}
    </Modal>
  );
}
