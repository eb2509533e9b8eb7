import { CalculatorOutlined } from '@ant-design/icons';
import type { FieldTypeName } from '../../../domain/schema/types.ts';
import { fieldTypeFaces } from '../../fields/field-types.tsx';
import { useLabel } from '../../i18n/core.ts';
import { typeGroups } from './field-draft.ts';
import { useDesignerText } from './texts.ts';

/** All types at a glance, each with an icon and one line of what it is for. */
export function TypePicker({
  value,
  allowed,
  rollups,
  onChange,
}: {
  value: FieldTypeName | 'rollup';
  /** Types that lose no data; null = all, the field is new. */
  allowed: FieldTypeName[] | null;
  /** Whether anything points here that could be rolled up. */
  rollups: boolean;
  onChange: (type: FieldTypeName | 'rollup') => void;
}) {
  const t = useDesignerText();
  const label = useLabel();
  const groups = typeGroups
    .map((group) => ({
      key: group.key,
      types: group.types.filter((type: FieldTypeName) => allowed === null || allowed.includes(type)),
    }))
    .filter((group) => group.types.length > 0);
  return (
    <div className="xk-types" role="radiogroup" aria-label={t('type')}>
      {groups.map((group) => (
        <section key={group.key} aria-label={t(`group-${group.key}`)}>
          {allowed === null && <h4>{t(`group-${group.key}`)}</h4>}
          <div className="xk-type-grid">
            {group.types.map((type) => {
              const face = fieldTypeFaces[type];
              return (
                <label key={type} className={`xk-type${value === type ? ' xk-type-chosen' : ''}`}>
                  <input type="radio" name="field-type" checked={value === type} onChange={() => onChange(type)} />
                  <span aria-hidden="true">{face.icon}</span>
                  <span>
                    {label(face.label)}
                    <small className="xk-muted">{label(face.hint)}</small>
                  </span>
                </label>
              );
            })}
          </div>
        </section>
      ))}
      {rollups && (
        <section aria-label={t('group-rollup')}>
          <h4>{t('group-rollup')}</h4>
          <div className="xk-type-grid">
            <label className={`xk-type${value === 'rollup' ? ' xk-type-chosen' : ''}`}>
              <input type="radio" name="field-type" checked={value === 'rollup'} onChange={() => onChange('rollup')} />
              <span aria-hidden="true">
                <CalculatorOutlined />
              </span>
              <span>
                {t('rollup')}
                <small className="xk-muted">{t('rollup-hint')}</small>
              </span>
            </label>
          </div>
        </section>
      )}
    </div>
  );
}
