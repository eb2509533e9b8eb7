import { InputNumber, Segmented, Select } from 'antd';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { intervalDays, type Policy, roughlyOften } from './policy-words.ts';
import { usePolicyText } from './texts.ts';

const thresholds = [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5];
const priorities = ['high', 'middle', 'low'] as const;
/** Offered when someone switches from automatic to fixed and nothing is known. */
const usualDays = 90;

/** Sources are quoted as published; a Chinese reader gets the gist, and the quotation on hover. */
const inReadersLanguage = (text: string, lang: 'zh' | 'en'): boolean => lang === 'en' || /\p{Script=Han}/u.test(text);

/** One field, for everyone or one segment: how often, how sure, how important, and on what ground. */
export function PolicyRow({
  policy,
  editable,
  onChange,
}: {
  policy: Policy;
  editable: boolean;
  onChange: (change: { everyDays?: number | null; priority?: Policy['priority']; threshold?: number }) => void;
}) {
  const t = usePolicyText();
  const label = useLabel();
  const lang = useLang();
  const field = useCatalog()
    .objects.find((object) => object.name === policy.object)
    ?.fields.find((one) => one.name === policy.field);
  const name = label(field?.label) || policy.field;
  const fixed = policy.everyDays !== undefined;
  const days = intervalDays(policy);
  const words = (value: number) => {
    const how = roughlyOften(value);
    return 'n' in how ? t(how.text, { n: how.n }) : t(how.text);
  };
  const options = thresholds.includes(policy.threshold) ? thresholds : [policy.threshold, ...thresholds];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('who-for')}>{policy.segment ? label(policy.segment.name) : t('everyone')}</td>
      <td data-label={t('how-often')}>
        <div className="xk-often">
          <Segmented
            size="small"
            disabled={!editable}
            aria-label={`${name}: ${t('how-often')}`}
            value={fixed ? 'fixed' : 'learned'}
            onChange={(value) =>
              onChange({ everyDays: value === 'fixed' ? Math.max(1, Math.round(days ?? usualDays)) : null })
            }
            options={[
              { value: 'learned', label: t('how-learned') },
              { value: 'fixed', label: t('how-fixed') },
            ]}
          />
          {fixed ? (
            <InputNumber
              size="small"
              disabled={!editable}
              aria-label={`${name}: ${t('every-days')}`}
              min={1}
              max={3650}
              precision={0}
              value={policy.everyDays ?? null}
              suffix={t('unit-days')}
              onChange={(value) => value !== null && onChange({ everyDays: value })}
            />
          ) : (
            <span className="xk-muted">
              {days === null ? t('learned-unknown') : t('learned-about', { often: words(days) })}
            </span>
          )}
        </div>
      </td>
      <td data-label={t('threshold')}>
        <Select
          size="small"
          disabled={!editable || fixed}
          aria-label={`${name}: ${t('threshold')}`}
          value={policy.threshold}
          onChange={(threshold) => onChange({ threshold })}
          options={options.map((value) => ({ value, label: formatShare(value) }))}
        />
      </td>
      <td data-label={t('priority')}>
        <Select
          size="small"
          disabled={!editable}
          aria-label={`${name}: ${t('priority')}`}
          value={policy.priority}
          onChange={(priority) => onChange({ priority })}
          options={priorities.map((value) => ({ value, label: t(value) }))}
        />
      </td>
      <td data-label={t('rate')} className="xk-rate">
        {policy.rate !== undefined && (
          <span className="xk-num">{t('rate-value', { n: Math.round(policy.rate * 100) / 100 })}</span>
        )}
        {policy.rateSource && (
          <small className="xk-muted" title={policy.rateSource}>
            {inReadersLanguage(policy.rateSource, lang) ? policy.rateSource : t('rate-prior')}
          </small>
        )}
      </td>
    </tr>
  );
}
