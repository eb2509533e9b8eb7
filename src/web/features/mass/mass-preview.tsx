import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { FieldText } from '../../fields/field-text.tsx';
import type { FormatEnv } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Skeleton } from '../../ui/page.tsx';
import type { MassRun } from './mass-api.ts';
import { useMassText } from './texts.ts';

const RULES = ['phone', 'width', 'spaces', 'brackets', 'case', 'choice', 'simplified', 'date', 'form'] as const;

/** What it would do: how many change, are so already, are refused and why, and some of them before and after. */
export function MassPreview({ object, run, env }: { object: ObjectDef; run: MassRun; env: FormatEnv }) {
  const t = useMassText();
  const label = useLabel();
  const { preview, progress } = run;
  if (!preview)
    return (
      <div role="status">
        <p>{progress && progress.done > 0 ? t('looking-n', { done: progress.done }) : t('looking')}</p>
        <Skeleton lines={3} />
      </div>
    );
  const nameOf = (name: string) => label(object.fields.find((one) => one.name === name)?.label) || name;
  const ruleOf = (rule: string) => {
    const known = RULES.find((one) => one === rule);
    return known ? t(`rule-${known}`) : t('invalid');
  };
  return (
    <div className="xk-mass-preview">
      <ul className="xk-mass-counts" aria-live="polite">
        <li>
          <strong>{preview.change > 0 ? t('will-change', { n: preview.change }) : t('nothing-to-do')}</strong>
        </li>
        {preview.same > 0 && <li className="xk-muted">{t('same-n', { n: preview.same })}</li>}
        {preview.refused.map(({ code, count, message }) => (
          <li key={code}>
            {t('refused-n', { n: count })}
            <span className="xk-muted"> {message}</span>
          </li>
        ))}
      </ul>
      {preview.rules.length > 0 && (
        <>
          <h2>{t('rules')}</h2>
          <ul className="xk-mass-rules">
            {preview.rules.map(({ field, rule, count }) => (
              <li key={`${field} ${rule}`}>
                <span>{nameOf(field)}</span> <span className="xk-muted">{ruleOf(rule)}</span>
                <b className="xk-num">{count}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      {preview.samples.length > 0 && (
        <>
          <h2>{t('samples')}</h2>
          <ul className="xk-mass-samples">
            {preview.samples.map(({ id, title, changes }) => (
              <li key={id}>
                <strong>{title || t('no-title')}</strong>
                {changes.map(({ field, before, after }) => (
                  <span key={field} className="xk-mass-change">
                    <span className="xk-muted">{nameOf(field)}</span>{' '}
                    <Value {...{ object, env }} name={field} value={before} />
                    {run.action.kind !== 'verify' && (
                      <>
                        {' → '}
                        <Value {...{ object, env }} name={field} value={after} />
                      </>
                    )}
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
      {preview.change > 0 && <p className="xk-muted">{t('background-hint')}</p>}
    </div>
  );
}

function Value({ object, name, value, env }: { object: ObjectDef; name: string; value: FieldValue; env: FormatEnv }) {
  const t = useMassText();
  const field = object.fields.find((one) => one.name === name);
  if (value === null || !field) return <span className="xk-muted">{t('empty')}</span>;
  // What is only spelled otherwise must be seen as it is stored.
  if (typeof value === 'string' && ['text', 'longtext', 'phone', 'address', 'email', 'url'].includes(field.type))
    return <span className="xk-longtext">{value}</span>;
  return <FieldText field={field} value={value} env={env} link={false} />;
}
