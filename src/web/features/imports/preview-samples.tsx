import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import type { Import } from './mapping.ts';
import { useImportText } from './texts.ts';

type Sample = NonNullable<Import['preview']>['samples'][number];

/** The first rows as they would be written: by object, with what an update replaces. */
export function PreviewSamples({ samples }: { samples: Sample[] }) {
  const t = useImportText();
  const label = useLabel();
  const catalog = useCatalog();
  return (
    <Card>
      <details className="xk-sample-rows">
        <summary>{t('samples-title')}</summary>
        <ol>
          {samples.map((sample) => (
            <li key={sample.row}>
              <header>
                <span className="xk-muted xk-num">{t('sample-row', { n: sample.row })}</span>
                <span className={`xk-action xk-action-${sample.action}`}>{t(`action-${sample.action}`)}</span>
                {sample.reasons.length > 0 && <span className="xk-muted">{sample.reasons.join(' · ')}</span>}
              </header>
              {sample.records.map((record, index) => {
                const object = catalog.objects.find((one) => one.name === record.object);
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two records of one object in a row have no other identity yet
                  <dl key={`${record.object}-${index}`}>
                    <dt className="xk-sample-object">{label(object?.label) || record.object}</dt>
                    {Object.entries(record.values)
                      .filter(([, value]) => value !== null && value !== '')
                      .map(([name, value]) => (
                        <SampleValue
                          key={name}
                          object={object}
                          name={name}
                          value={value}
                          before={record.before?.[name]}
                        />
                      ))}
                  </dl>
                );
              })}
            </li>
          ))}
        </ol>
      </details>
    </Card>
  );
}

function SampleValue({
  object,
  name,
  value,
  before,
}: {
  object: ObjectDef | undefined;
  name: string;
  value: FieldValue;
  before: FieldValue | undefined;
}) {
  const label = useLabel();
  const field = object?.fields.find((one) => one.name === name);
  const now = useWords(field, value);
  const was = useWords(field, before ?? null);
  return (
    <div>
      <dt>{label(field?.label) || name}</dt>
      <dd>
        {was !== '' && was !== now && <del>{was}</del>} {was !== '' && was !== now ? <ins>{now}</ins> : now}
      </dd>
    </div>
  );
}

/** Enough for a glance at a sample: choices by their label, lists joined, the rest as it is. */
function useWords(field: FieldDef | undefined, value: FieldValue): string {
  const label = useLabel();
  const one = (item: unknown): string => {
    const option = field?.options?.find((choice) => choice.value === item);
    if (option) return label(option.label);
    if (typeof item === 'object' && item !== null) {
      const text = Reflect.get(item, 'text') ?? Reflect.get(item, 'name');
      return typeof text === 'string'
        ? text
        : Object.values(item)
            .filter((part) => typeof part === 'string')
            .join(' ');
    }
    return String(item);
  };
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  return Array.isArray(value) ? value.map(one).join('、') : one(value);
}
