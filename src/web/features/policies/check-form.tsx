import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviceText } from './advice-texts.ts';

const PRECISIONS = [0.03, 0.05, 0.1];

/** A new spot check: of what, which fields, how exact. */
export function CheckForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const t = useAdviceText();
  const label = useLabel();
  const toasts = useToasts();
  const id = useId();
  const objects = useCatalog().objects.filter((object) => object.fields.some((field) => field.tracked));
  const [kind, setKind] = useState<'random' | 'recheck'>('random');
  const [name, setName] = useState('');
  const [objectName, setObject] = useState(objects[0]?.name ?? 'customer');
  const [chosen, setChosen] = useState<string[]>([]);
  const [precision, setPrecision] = useState(0.05);
  const object = objects.find((one) => one.name === objectName);
  const fields = object?.fields.filter((field) => field.tracked) ?? [];
  const make = useMutation({
    mutationFn: () =>
      call(api.checks.create, {
        body: {
          name: name.trim() || t(kind === 'random' ? 'check-random' : 'check-recheck'),
          object: objectName,
          fields: chosen,
          kind,
          precision,
        },
      }),
    onSuccess: (made) => {
      toasts.success(t('check-made', { n: made.records, of: made.population }));
      onDone();
    },
    onError: (failure) => toasts.error(sentence(failure)),
  });
  return (
    <section className="xk-rule-form" aria-label={t('checks-new')}>
      <Choices<'random' | 'recheck'>
        label={t('check-kind')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'random', label: t('check-random') },
          { value: 'recheck', label: t('check-recheck') },
        ]}
      />
      <p className="xk-muted">{t(kind === 'random' ? 'check-random-hint' : 'check-recheck-hint')}</p>
      <div className="xk-rule-boxes">
        <div>
          <label className="xk-muted" htmlFor={`${id}n`}>
            {t('check-name')}
          </label>
          <input
            id={`${id}n`}
            className="xk-plain-input"
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div>
          <label className="xk-muted" htmlFor={`${id}o`}>
            {t('rule-object')}
          </label>
          <select
            id={`${id}o`}
            className="xk-plain-input"
            value={objectName}
            onChange={(event) => {
              setObject(event.target.value);
              setChosen([]);
            }}
          >
            {objects.map((one) => (
              <option key={one.name} value={one.name}>
                {label(one.label)}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label className="xk-muted" htmlFor={`${id}p`}>
            {t('check-precision')}
          </label>
          <select
            id={`${id}p`}
            className="xk-plain-input"
            value={precision}
            onChange={(event) => setPrecision(Number(event.target.value))}
          >
            {PRECISIONS.map((one) => (
              <option key={one} value={one}>
                ± {one * 100}%
              </option>
            ))}
          </select>
        </div>
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
      <div className="xk-rule-boxes">
        <Button type="primary" disabled={chosen.length === 0} loading={make.isPending} onClick={() => make.mutate()}>
          {t('check-draw')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </section>
  );
}
