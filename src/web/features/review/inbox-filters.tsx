import { Button } from 'antd';
import { ORIGINS } from '../../../domain/review/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import type { ReviewSearch } from './inbox-model.ts';
import { useFacets } from './review-api.ts';
import { useReviewText } from './texts.ts';

const AGES = ['1', '7', '30'] as const;

/** Which of them: from where, what, whose, how old; each choice says how many there are. */
export function InboxFilters({
  search,
  owner,
  onChange,
}: {
  search: ReviewSearch;
  owner: 'me' | 'all';
  onChange(patch: ReviewSearch): void;
}) {
  const t = useReviewText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { data } = useFacets({
    ...(owner === 'me' && { owner: 'me' }),
    ...(search.age && { olderThanDays: Number(search.age) }),
  });
  const counted = (text: string, n: number | undefined) => (n === undefined ? text : `${text} (${n})`);
  const object = objects.find(({ name }) => name === search.object);
  const fields = Object.entries(data?.fields ?? {}).flatMap(([path, n]) => {
    const [of = '', name = ''] = path.split('.');
    const owning = objects.find((one) => one.name === of);
    const field = owning?.fields.find((one) => one.name === name);
    if (!owning || !field || (object && of !== object.name)) return [];
    const text = object || of === 'customer' ? label(field.label) : `${label(owning.label)} · ${label(field.label)}`;
    return [{ path, n, text }];
  });
  const narrowed = search.from ?? search.object ?? search.field ?? search.age ?? search.record;
  return (
    <search className="xk-prop-filters" aria-label={t('filters')}>
      <Choices
        label={t('owner')}
        value={owner}
        options={[
          { value: 'me', label: t('mine') },
          { value: 'all', label: t('everybody') },
        ]}
        onChange={(next) => onChange({ owner: next })}
      />
      <select
        className="xk-plain-input"
        aria-label={t('from')}
        value={search.from ?? ''}
        onChange={({ target }) => onChange({ from: target.value || undefined })}
      >
        <option value="">{t('from-any')}</option>
        {ORIGINS.filter((origin) => data?.origins[origin] !== undefined || origin === search.from).map((origin) => (
          <option key={origin} value={origin}>
            {counted(t(`from-${origin}`), data?.origins[origin])}
          </option>
        ))}
      </select>
      <select
        className="xk-plain-input"
        aria-label={t('object')}
        value={search.object ?? ''}
        onChange={({ target }) => onChange({ object: target.value || undefined, field: undefined })}
      >
        <option value="">{t('object-any')}</option>
        {objects
          .filter(({ name }) => data?.objects[name] !== undefined || name === search.object)
          .map((one) => (
            <option key={one.name} value={one.name}>
              {counted(label(one.label), data?.objects[one.name])}
            </option>
          ))}
      </select>
      <select
        className="xk-plain-input"
        aria-label={t('field')}
        value={search.object && search.field ? `${search.object}.${search.field}` : ''}
        onChange={({ target }) => {
          const [of, name] = target.value.split('.');
          onChange(name ? { object: of, field: name } : { field: undefined });
        }}
      >
        <option value="">{t('field-any')}</option>
        {fields.map(({ path, n, text }) => (
          <option key={path} value={path}>
            {counted(text, n)}
          </option>
        ))}
        {search.object && search.field && !fields.some(({ path }) => path === `${search.object}.${search.field}`) && (
          <option value={`${search.object}.${search.field}`}>
            {label(object?.fields.find(({ name }) => name === search.field)?.label)}
          </option>
        )}
      </select>
      <select
        className="xk-plain-input"
        aria-label={t('age')}
        value={search.age ?? ''}
        onChange={({ target }) => onChange({ age: AGES.find((age) => age === target.value) })}
      >
        <option value="">{t('age-any')}</option>
        {AGES.map((age) => (
          <option key={age} value={age}>
            {t(`age-${age}`)}
          </option>
        ))}
      </select>
      {narrowed !== undefined && (
        <Button
          type="text"
          size="small"
          onClick={() =>
            onChange({ from: undefined, object: undefined, field: undefined, age: undefined, record: undefined })
          }
        >
          {search.record ? `${t('one-record')} · ${t('clear')}` : t('clear')}
        </Button>
      )}
    </search>
  );
}
