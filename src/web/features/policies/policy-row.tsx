import { DUTIES, dutyName } from '../../../domain/freshness/duties.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { Choices } from '../../ui/choices.tsx';
import { EVENTS } from './events.ts';
import { intervalDays, learnedSpan, type Policy, type Rate, type RuleChange, roughlyOften } from './policy-words.ts';
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
  rate,
  editable,
  onChange,
  onRemove,
}: {
  policy: Policy;
  rate: Rate | undefined;
  editable: boolean;
  onChange: (change: RuleChange) => void;
  /** Only where the rule was added for a segment: the field's general one is always there. */
  onRemove?: (() => void) | undefined;
}) {
  const t = usePolicyText();
  const label = useLabel();
  const field = useCatalog()
    .objects.find((object) => object.name === policy.object)
    ?.fields.find((one) => one.name === policy.field);
  const name = label(field?.label) || policy.field;
  const who = policy.segment ? label(policy.segment.name) : t('everyone');
  const box = (what: string) => `${name} · ${who}: ${what}`;
  const options = thresholds.includes(policy.threshold) ? thresholds : [policy.threshold, ...thresholds];
  const fixed = policy.everyDays !== undefined;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('who-for')}>
        {who}
        {onRemove && (
          <button type="button" className="xk-text-button" aria-label={box(t('rule-remove'))} onClick={onRemove}>
            {t('rule-remove')}
          </button>
        )}
      </td>
      <td data-label={t('how-often')}>
        <HowOften policy={policy} editable={editable} box={box} onChange={onChange} />
      </td>
      <td data-label={t('threshold')}>
        <select
          className="xk-plain-input xk-small-input"
          disabled={!editable || fixed}
          aria-label={box(t('threshold'))}
          value={policy.threshold}
          onChange={(event) => onChange({ threshold: Number(event.target.value) })}
        >
          {options.map((value) => (
            <option key={value} value={value}>
              {formatShare(value)}
            </option>
          ))}
        </select>
      </td>
      <td data-label={t('priority')}>
        <select
          className="xk-plain-input xk-small-input"
          disabled={!editable}
          aria-label={box(t('priority'))}
          value={policy.priority}
          onChange={(event) => onChange({ priority: priorities.find((one) => one === event.target.value) ?? 'middle' })}
        >
          {priorities.map((value) => (
            <option key={value} value={value}>
              {t(value)}
            </option>
          ))}
        </select>
      </td>
      <td data-label={t('rate')} className="xk-rate">
        <Ground policy={policy} rate={rate} />
      </td>
    </tr>
  );
}

function HowOften({
  policy,
  editable,
  box,
  onChange,
}: {
  policy: Policy;
  editable: boolean;
  box: (what: string) => string;
  onChange: (change: RuleChange) => void;
}) {
  const t = usePolicyText();
  const label = useLabel();
  const fixed = policy.everyDays !== undefined;
  const days = intervalDays(policy);
  const words = (value: number) => {
    const how = roughlyOften(value);
    return 'n' in how ? t(how.text, { n: how.n }) : t(how.text);
  };
  const after = policy.after ?? [];
  const accounts = useAccounts();
  const responsibleName = (name: string): string => {
    const duty = DUTIES.find((one) => dutyName(one) === name);
    return duty ? t(`duty-${duty}`) : (accounts.find((one) => one.id === name)?.name ?? name);
  };
  const events = EVENTS.filter((event) => after.includes(event.kind)).map((event) => label(event.label));
  const more = [
    events.length > 0 ? t('events-chosen', { events: events.join(t('comma')) }) : t('events'),
    policy.responsible && responsibleName(policy.responsible),
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <div className="xk-often">
      {editable ? (
        <Choices
          label={box(t('how-often'))}
          value={fixed ? 'fixed' : 'learned'}
          onChange={(value) =>
            onChange({ everyDays: value === 'fixed' ? Math.max(1, Math.round(days ?? usualDays)) : null })
          }
          options={[
            { value: 'learned', label: t('how-learned') },
            { value: 'fixed', label: t('how-fixed') },
          ]}
        />
      ) : (
        <span>{fixed ? t('how-fixed') : t('how-learned')}</span>
      )}
      {fixed ? (
        <span>
          <input
            type="number"
            className="xk-plain-input xk-small-input"
            disabled={!editable}
            aria-label={box(t('every-days'))}
            min={1}
            max={3650}
            value={policy.everyDays ?? ''}
            onChange={(event) => {
              const value = Math.round(event.target.valueAsNumber);
              if (value >= 1 && value <= 3650) onChange({ everyDays: value });
            }}
          />{' '}
          {t('unit-days')}
        </span>
      ) : (
        <span className="xk-muted">
          {days === null ? t('learned-unknown') : t('learned-about', { often: words(days) })}
        </span>
      )}
      <details className="xk-events">
        <summary aria-label={box(more)}>{more}</summary>
        <fieldset disabled={!editable}>
          <legend>{t('events-hint')}</legend>
          {EVENTS.map((event) => (
            <label key={event.kind} className="xk-check">
              <input
                type="checkbox"
                checked={after.includes(event.kind)}
                onChange={({ target }) =>
                  onChange({
                    after: target.checked ? [...after, event.kind] : after.filter((kind) => kind !== event.kind),
                  })
                }
              />
              <span>{label(event.label)}</span>
            </label>
          ))}
          <label className="xk-responsible">
            <span>{t('responsible')}</span>
            <select
              className="xk-plain-input xk-small-input"
              value={policy.responsible ?? ''}
              onChange={({ target }) => onChange({ responsible: target.value })}
            >
              <option value="">{t('responsible-owner')}</option>
              <optgroup label={t('responsible-duty')}>
                {DUTIES.map((duty) => (
                  <option key={duty} value={dutyName(duty)}>
                    {t(`duty-${duty}`)}
                  </option>
                ))}
              </optgroup>
              <optgroup label={t('responsible-person')}>
                {accounts.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
            </select>
          </label>
          {fixed && (
            <label className="xk-check">
              <input
                type="checkbox"
                checked={policy.hard === true}
                onChange={({ target }) => onChange({ hard: target.checked })}
              />
              <span>{t('deadline')}</span>
            </label>
          )}
        </fieldset>
      </details>
    </div>
  );
}

/** What the frequency rests on: the team's own verifications with their interval and count, or the prior that stands in. */
function Ground({ policy, rate }: { policy: Policy; rate: Rate | undefined }) {
  const t = usePolicyText();
  const lang = useLang();
  const span = learnedSpan(policy, rate);
  if (span && rate?.learned) {
    const { n, low, high, unit } = span;
    const date = new Date(rate.learned.at).toLocaleDateString(lang === 'zh' ? 'zh-CN' : 'en-GB', {
      dateStyle: 'medium',
    });
    return (
      <>
        <span>{t('advice', { span: t(`span-${unit}`, { n }), low, high, count: rate.learned.observations })}</span>
        <small className="xk-muted">
          {t('rate-learned', {
            n: figure(rate.learned.rate),
            low: figure(rate.learned.low),
            high: figure(rate.learned.high),
            date,
          })}
        </small>
      </>
    );
  }
  if (policy.rate === undefined) return null;
  const source = policy.rateSource;
  return (
    <>
      <span className="xk-num">{t('rate-value', { n: figure(policy.rate) })}</span>
      <small className="xk-muted" title={source}>
        {source && inReadersLanguage(source, lang) ? source : t('rate-prior')}
      </small>
    </>
  );
}

const figure = (n: number): string => n.toPrecision(2).replace(/\.?0+$/, (zeros) => (zeros.includes('.') ? '' : zeros));
