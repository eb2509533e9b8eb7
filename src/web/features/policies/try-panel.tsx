import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef } from 'react';
import type { z } from 'zod';
import type { triedSchema } from '../../../contract/advice.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { type Estimate, estimateWords, shareWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviceText } from './advice-texts.ts';
import { type Policy, stated } from './policy-words.ts';

type Tried = z.infer<typeof triedSchema>;

/** What the changed rules would ask of people and buy, before they are switched on; nothing is written. */
export function TryPanel({ policies, outdated }: { policies: Policy[]; outdated: boolean }) {
  const t = useAdviceText();
  const lang = useLang();
  const body = { policies: policies.map(stated) };
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'try', JSON.stringify(body)],
    queryFn: ({ signal }) => call(api.advice.try, { body, signal }),
  });
  const top = useRef<HTMLDivElement>(null);
  const there = data !== undefined;
  useEffect(() => {
    if (there) top.current?.scrollIntoView({ block: 'nearest' });
  }, [there]);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={6} />;
  const { sample } = data;
  const n = (value: number) => formatNumber(value, lang);
  return (
    <Card
      title={t('try-title')}
      extra={
        <span className="xk-muted">
          {sample.whole
            ? t('sample-whole', { n: sample.of })
            : t('sample', { n: n(sample.customers), of: n(sample.of) })}
        </span>
      }
    >
      <div ref={top} className="xk-try-top" />
      {outdated && <p role="status">{t('try-outdated')}</p>}
      <Figures data={data} />
      <People data={data} />
      <DueFields data={data} />
    </Card>
  );
}

function Figures({ data: { before, after } }: { data: Tried }) {
  const t = useAdviceText();
  const lang = useLang();
  const rows: { name: string; of: (figures: Tried['before']) => string }[] = [
    { name: t('hours'), of: (one) => estimateWords(one.hoursPerWeek, lang) },
    { name: t('contacts'), of: (one) => estimateWords(one.contactsPerWeek, lang) },
    { name: t('freshness'), of: (one) => shareWords(one.freshness) },
    { name: t('due-now'), of: (one) => estimateWords(one.due.now, lang) },
    { name: t('due-7'), of: (one) => estimateWords(one.due.in7, lang) },
    { name: t('due-30'), of: (one) => estimateWords(one.due.in30, lang) },
    { name: t('due-90'), of: (one) => estimateWords(one.due.in90, lang) },
  ];
  return (
    <table className="xk-plain-table">
      <thead>
        <tr>
          <th scope="col">{t('figure')}</th>
          <th scope="col">{t('before')}</th>
          <th scope="col">{t('after')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.of(before)}</td>
            <td>
              <strong>{row.of(after)}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function People({ data: { people, capacity } }: { data: Tried }) {
  const t = useAdviceText();
  const lang = useLang();
  const over = ({ value, error }: Estimate, hours: number) => value - error > hours;
  return (
    <>
      <h3>{t('per-person')}</h3>
      <Capacity hours={capacity.hoursPerWeek} />
      <table className="xk-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            <th scope="col">{t('customers')}</th>
            <th scope="col">{t('hours-before')}</th>
            <th scope="col">{t('hours-after')}</th>
          </tr>
        </thead>
        <tbody>
          {people.slice(0, 30).map((person) => (
            <tr key={person.owner ?? ''}>
              <th scope="row">{person.owner === null ? t('nobody') : person.name}</th>
              <td>{formatNumber(person.customers, lang)}</td>
              <td>{estimateWords(person.before, lang)}</td>
              <td>
                <strong>{estimateWords(person.after, lang)}</strong>
                {person.owner !== null && over(person.after, person.hoursPerWeek) && (
                  <span className="xk-over">
                    {' '}
                    {t('over', {
                      n: estimateWords({ value: person.after.value - person.hoursPerWeek, error: 0 }, lang),
                    })}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Hours a week each person has; who is above them is marked. */
function Capacity({ hours }: { hours: number }) {
  const t = useAdviceText();
  const id = useId();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (hoursPerWeek: number) => call(api.advice.capacity, { body: { hoursPerWeek } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.policies, 'try'] }),
    onError: (failure) => toasts.error(sentence(failure)),
  });
  return (
    <p className="xk-muted">
      <label htmlFor={id}>{t('capacity')}</label>{' '}
      <input
        id={id}
        type="number"
        className="xk-plain-input xk-small-input"
        min={0}
        max={60}
        step={0.5}
        defaultValue={hours}
        onBlur={({ target }) => {
          const wanted = target.valueAsNumber;
          if (wanted >= 0 && wanted <= 60 && wanted !== hours) save.mutate(wanted);
        }}
      />
    </p>
  );
}

function DueFields({ data: { fields } }: { data: Tried }) {
  const t = useAdviceText();
  const lang = useLang();
  const label = useLabel();
  const catalog = useCatalog();
  const changed = fields.filter(
    (field) => Math.abs(field.after - field.before) > 0.02 * Math.max(field.after, field.before),
  );
  if (changed.length === 0) return null;
  const nameOf = (object: string, field: string) => {
    const found = catalog.objects.find((one) => one.name === object);
    return `${label(found?.label)} · ${label(found?.fields.find((one) => one.name === field)?.label) || field}`;
  };
  return (
    <>
      <h3>{t('due-fields')}</h3>
      <ul className="xk-due-fields">
        {changed.slice(0, 8).map((field) => (
          <li key={`${field.object}.${field.field}`}>
            {nameOf(field.object, field.field)}{' '}
            <span className="xk-muted xk-num">
              {formatNumber(field.before, lang)} → {formatNumber(field.after, lang)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
