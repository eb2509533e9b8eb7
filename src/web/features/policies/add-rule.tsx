import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Label } from '../../../domain/issue.ts';
import { call } from '../../api/client.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { useAdviceText } from './advice-texts.ts';
import { type Policy, policyKey } from './policy-words.ts';

interface Segment {
  key: string;
  name: Label;
  filter: Filter;
}

/** A rule of its own for some of the records: those that a saved view shows, or that a suggestion tells apart. */
export function AddRule({
  policies,
  onAdd,
  onCancel,
}: {
  policies: Policy[];
  onAdd: (policy: Policy) => void;
  onCancel: () => void;
}) {
  const t = useAdviceText();
  const label = useLabel();
  const catalog = useCatalog();
  const objects = catalog.objects.filter((object) => object.fields.some((field) => field.tracked));
  const [objectName, setObject] = useState(objects[0]?.name ?? 'customer');
  const object = catalog.objects.find((one) => one.name === objectName);
  const fields = object?.fields.filter((field) => field.tracked) ?? [];
  const [fieldName, setField] = useState('');
  const [segmentKey, setSegment] = useState('');
  const { data: views } = useQuery({
    queryKey: keys.views(objectName),
    queryFn: ({ signal }) => call(api.catalog.views, { query: { object: objectName }, signal }),
  });
  const { data: suggested } = useQuery({
    queryKey: [...keys.policies, 'splits'],
    queryFn: ({ signal }) => call(api.advice.splits, { signal }),
  });
  const field = fields.find((one) => one.name === fieldName) ?? fields[0];
  const saved = (views?.views ?? []).flatMap((view): Segment[] => {
    const { filter } = view.definition;
    if (!filter || namesMe(filter)) return [];
    return [{ key: view.id, name: view.label ?? { zh: view.name, en: view.name }, filter }];
  });
  const splits = (suggested?.splits ?? []).filter(
    (split) => split.object === objectName && split.field === field?.name,
  );
  const told = splits.flatMap((split): Segment[] => {
    const by = object?.fields.find((one) => one.name === split.by);
    return split.groups.flatMap(({ value, rate }): Segment[] => {
      if (value === null || !by) return [];
      const option = by.options?.find((one) => one.value === value)?.label ?? { zh: value, en: value };
      const name = { zh: `${by.label.zh}：${option.zh}`, en: `${by.label.en}: ${option.en}` };
      return [
        {
          key: `${split.by}=${value}`,
          name: {
            zh: `${name.zh}（每年变 ${rate.toFixed(2)} 次）`,
            en: `${name.en} (${rate.toFixed(2)} changes a year)`,
          },
          filter: { field: split.by, op: 'eq', value: by.type === 'boolean' ? value === 'true' : value },
        },
      ];
    });
  });
  const segments = [...told, ...saved];
  const segment = segments.find((one) => one.key === segmentKey) ?? segments[0];
  const general = policies.find((one) => one.object === objectName && one.field === field?.name && !one.segment);
  const rule: Policy | null =
    field && segment
      ? {
          object: objectName,
          field: field.name,
          segment: { name: plain(segment.name), filter: segment.filter },
          priority: general?.priority ?? field.priority ?? 'middle',
          threshold: general?.threshold ?? 0.8,
        }
      : null;
  const there = rule !== null && policies.some((one) => policyKey(one) === policyKey(rule));
  return (
    <section className="xk-rule-form" aria-label={t('rule-title')}>
      <h3>{t('rule-title')}</h3>
      <p className="xk-muted">{t('rule-hint')}</p>
      <div className="xk-rule-boxes">
        <Pick
          label={t('rule-object')}
          value={objectName}
          onChange={setObject}
          options={objects.map((one) => ({ value: one.name, label: label(one.label) }))}
        />
        <Pick
          label={t('rule-field')}
          value={field?.name ?? ''}
          onChange={setField}
          options={fields.map((one) => ({ value: one.name, label: label(one.label) }))}
        />
        <Pick
          label={t('rule-segment')}
          value={segment?.key ?? ''}
          onChange={setSegment}
          options={segments.map((one) => ({ value: one.key, label: label(one.name) }))}
        />
        <Button type="primary" disabled={!rule || there} onClick={() => rule && onAdd(rule)}>
          {t('rule-add-now')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
      {there && <p role="status">{t('rule-there')}</p>}
      {views && segments.length === 0 && <p role="status">{t('rule-no-views')}</p>}
      {told.length > 0 && <p className="xk-muted">{t('rule-told')}</p>}
    </section>
  );
}

function Pick({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label className="xk-muted" htmlFor={id}>
        {label}
      </label>
      <select id={id} className="xk-plain-input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What “mine” is depends on who looks: no ground for a policy. */
const namesMe = (filter: Filter): boolean => JSON.stringify(filter).includes('"$me"');

const plain = ({ zh, en }: Label): Label => ({
  zh: zh.replace(/（每年变.*）$/, ''),
  en: en.replace(/ \([\d.]+ changes a year\)$/, ''),
});
