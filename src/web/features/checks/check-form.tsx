import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useCheckText } from './texts.ts';

const KINDS = ['random', 'stocktake', 'census', 'recheck'] as const;
type Kind = (typeof KINDS)[number];
const RHYTHMS = ['no', 'week', 'month', 'quarter', 'half'] as const;
const PRECISIONS = [0.03, 0.05, 0.1];
const PER_PERSON = [10, 20, 50, 100];
const LASTS = [3, 7, 14, 30, 90];
/** What each kind is usually wanted with. */
const USUAL: Record<Kind, { lasts: number; rhythm: (typeof RHYTHMS)[number] }> = {
  random: { lasts: 14, rhythm: 'no' },
  recheck: { lasts: 14, rhythm: 'no' },
  census: { lasts: 90, rhythm: 'half' },
  stocktake: { lasts: 3, rhythm: 'week' },
};

/** A new check: of what kind, of what, which fields, how exact, how often. Says how many records it takes before it is drawn. */
export function CheckForm({
  recheck,
  onDone,
  onCancel,
}: {
  recheck: string | null;
  onDone: () => void;
  onCancel: () => void;
}) {
  const t = useCheckText();
  const label = useLabel();
  const toasts = useToasts();
  const objects = useCatalog().objects.filter((object) => object.fields.some((field) => field.tracked));
  const [kind, setKind] = useState<Kind>(recheck === null ? 'random' : 'recheck');
  const [name, setName] = useState('');
  const [objectName, setObject] = useState(objects[0]?.name ?? 'customer');
  const [chosen, setChosen] = useState<string[]>([]);
  const [precision, setPrecision] = useState(0.05);
  const [perPerson, setPerPerson] = useState(20);
  const [lasts, setLasts] = useState(USUAL.random.lasts);
  const [rhythm, setRhythm] = useState<(typeof RHYTHMS)[number]>('no');
  const object = objects.find((one) => one.name === objectName);
  const person = useAccounts().find((one) => `user:${one.id}` === recheck)?.name ?? recheck ?? undefined;
  const fields = object?.fields.filter((field) => field.tracked) ?? [];
  const sampled = kind === 'random' || kind === 'recheck';
  const wanted = {
    object: objectName,
    fields: chosen,
    kind,
    ...(sampled && { precision }),
    ...(kind === 'stocktake' && { perPerson }),
    ...(kind === 'recheck' && recheck !== null && { of: recheck }),
  };
  const { data: size } = useQuery({
    queryKey: [...keys.policies, 'check-size', wanted],
    queryFn: ({ signal }) => call(api.checks.preview, { body: wanted, signal }),
    enabled: chosen.length > 0,
    placeholderData: keepPreviousData,
  });
  const make = useMutation({
    mutationFn: () =>
      call(api.checks.create, {
        body: {
          ...wanted,
          name: name.trim() || t(`check-${kind}`),
          ...(lasts > 0 && { lasts }),
          ...(rhythm !== 'no' && { repeats: rhythm }),
        },
      }),
    onSuccess: (made) => {
      toasts.success(t(sampled ? 'check-made' : 'made-taken', { n: made.records, of: made.population }));
      onDone();
    },
    onError: (failure) => toasts.error(sentence(failure)),
  });
  const choose = (next: Kind) => {
    setKind(next);
    setLasts(USUAL[next].lasts);
    setRhythm(USUAL[next].rhythm);
  };
  return (
    <section className="xk-rule-form" aria-label={t('checks-new')}>
      <Choices<Kind>
        label={t('check-kind')}
        value={kind}
        onChange={choose}
        options={KINDS.map((value) => ({ value, label: t(`check-${value}`) }))}
      />
      <p className="xk-muted">
        {t(`check-${kind}-hint`)}
        {kind === 'recheck' && person !== undefined && ` ${t('recheck-of', { person })}`}
      </p>
      <div className="xk-rule-boxes">
        <Labelled label={t('check-name')}>
          {(id) => (
            <input
              id={id}
              className="xk-plain-input"
              value={name}
              maxLength={120}
              placeholder={t(`check-${kind}`)}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
        <Pick
          label={t('object')}
          value={objectName}
          options={objects.map((one) => [one.name, label(one.label)])}
          onChange={(next) => {
            setObject(next);
            setChosen([]);
          }}
        />
        {sampled && (
          <Pick
            label={t('check-precision')}
            value={String(precision)}
            options={PRECISIONS.map((one) => [String(one), `± ${one * 100}%`])}
            onChange={(next) => setPrecision(Number(next))}
          />
        )}
        {kind === 'stocktake' && (
          <Pick
            label={t('per-person')}
            value={String(perPerson)}
            options={PER_PERSON.map((n) => [String(n), t('per-person-n', { n })])}
            onChange={(next) => setPerPerson(Number(next))}
          />
        )}
        <Pick
          label={t('lasts')}
          value={String(lasts)}
          options={[...LASTS.map((n): [string, string] => [String(n), t('lasts-n', { n })]), ['0', t('lasts-open')]]}
          onChange={(next) => setLasts(Number(next))}
        />
        <Pick
          label={t('repeats')}
          value={rhythm}
          options={RHYTHMS.map((one) => [one, t(`repeats-${one}`)])}
          onChange={(next) => setRhythm(RHYTHMS.find((one) => one === next) ?? 'no')}
        />
      </div>
      <fieldset className="xk-check-fields">
        <legend className="xk-muted">{t('check-fields')}</legend>
        {fields.map((field) => (
          <label key={field.name} className="xk-check">
            <input
              type="checkbox"
              checked={chosen.includes(field.name)}
              onChange={({ target }) =>
                setChosen((now) => (target.checked ? [...now, field.name] : now.filter((one) => one !== field.name)))
              }
            />
            <span>{label(field.label)}</span>
          </label>
        ))}
      </fieldset>
      <p role="status" className="xk-check-size">
        {chosen.length > 0 &&
          size &&
          (size.records === 0
            ? t('would-none')
            : t(sampled ? 'would-draw' : 'would-take', { n: size.records, of: size.population }))}
      </p>
      <div className="xk-rule-boxes">
        <Button type="primary" disabled={chosen.length === 0} loading={make.isPending} onClick={() => make.mutate()}>
          {t('check-draw')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </section>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label className="xk-muted" htmlFor={id}>
        {label}
      </label>
      {children(id)}
    </div>
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
  options: [value: string, label: string][];
  onChange(next: string): void;
}) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} className="xk-plain-input" value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
