import { Modal, Radio } from 'antd';
import { useState } from 'react';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { type FormatEnv, formatMoment, formatValue } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import type { Conflict } from './edit-book.ts';
import { useRecordsText } from './texts.ts';

/** Two people changed the same field: shows both values and lets the second author decide; theirs stays unless chosen otherwise. */
export function ConflictDialog({
  object,
  conflicts,
  env,
  titleOf,
  onDone,
}: {
  object: ObjectDef;
  conflicts: Conflict[];
  env: FormatEnv;
  titleOf: (id: string) => string;
  onDone(mine: Conflict[]): void;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const [mine, setMine] = useState<ReadonlySet<Conflict>>(new Set());
  const show = (conflict: Conflict, value: FieldValue) => {
    const field = object.fields.find((one) => one.name === conflict.field);
    return (field && formatValue(value, field, env)) || t('empty-value');
  };
  return (
    <Modal
      open={conflicts.length > 0}
      title={t('conflict-title')}
      okText={t('conflict-done')}
      cancelButtonProps={{ style: { display: 'none' } }}
      closable={false}
      maskClosable={false}
      onOk={() => onDone(conflicts.filter((conflict) => mine.has(conflict)))}
      width={560}
    >
      <p className="xk-muted">{t('conflict-hint')}</p>
      {conflicts.map((conflict) => {
        const field = object.fields.find((one) => one.name === conflict.field);
        return (
          <fieldset key={`${conflict.id}/${conflict.field}`} className="xk-conflict">
            <legend>
              {titleOf(conflict.id)} · {label(field?.label)}
            </legend>
            <Radio.Group
              value={mine.has(conflict) ? 'mine' : 'theirs'}
              onChange={(event) => {
                const next = new Set(mine);
                if (event.target.value === 'mine') next.add(conflict);
                else next.delete(conflict);
                setMine(next);
              }}
            >
              <Radio value="theirs">
                {t('keep-theirs')} <strong>{show(conflict, conflict.theirs)}</strong>{' '}
                <span className="xk-muted">
                  {t('conflict-by', {
                    by: env.title(conflict.by) ?? conflict.by,
                    at: conflict.at ? formatMoment(conflict.at, env.timeZone) : '',
                  })}
                </span>
              </Radio>
              <Radio value="mine">
                {t('keep-yours')} <strong>{show(conflict, conflict.yours)}</strong>
              </Radio>
            </Radio.Group>
          </fieldset>
        );
      })}
    </Modal>
  );
}
