import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import type { Import } from './mapping.ts';
import { useImportText } from './texts.ts';

type Sample = NonNullable<Import['preview']>['samples'][number];

/** Enough to see whether it is right; the counts and problems speak of all. */
const shown = 12;

/** The first rows as they would be written: by object, with what an update replaces. */
export function PreviewSamples({ samples }: { samples: Sample[] }) {
  const t = useImportText();
  const label = useLabel();
  const catalog = useCatalog();
  const env = useFormatEnv(catalog.objects.flatMap((object) => object.fields));
  return (
    <Card>
      <details className="xk-sample-rows">
        <summary>{t('samples-title')}</summary>
        <ol>
          {samples.slice(0, shown).map((sample) => (
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
                  <div key={`${record.object}-${index}`} className="xk-sample-record">
                    <strong>{label(object?.label) || record.object}</strong>
                    <dl>
                      {Object.entries(record.values)
                        .filter(([name, value]) => value !== null && value !== '' && name !== object?.parent)
                        .map(([name, value]) => (
                          <SampleValue
                            key={name}
                            field={object?.fields.find((one) => one.name === name)}
                            name={name}
                            value={value}
                            before={record.before?.[name]}
                            env={env}
                          />
                        ))}
                    </dl>
                  </div>
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
  field,
  name,
  value,
  before,
  env,
}: {
  field: FieldDef | undefined;
  name: string;
  value: FieldValue;
  before: FieldValue | undefined;
  env: FormatEnv;
}) {
  const label = useLabel();
  const words = (one: FieldValue | undefined) => (field ? formatValue(one, field, env) : String(one ?? ''));
  const now = words(value);
  const was = words(before);
  const replaced = was !== '' && was !== now;
  return (
    <div>
      <dt>{label(field?.label) || name}</dt>
      <dd>
        {replaced && <del>{was}</del>} {replaced ? <ins>{now}</ins> : now}
      </dd>
    </div>
  );
}
