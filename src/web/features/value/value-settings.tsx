import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ValueSettingsView } from '../../../contract/value.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Choice, Row } from '../../ui/form-parts.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useValueText } from './texts.ts';
import { useValueWords, valueKeys } from './use-value.ts';

const MONTHS = [3, 6, 12, 24, 36, 60];

/** Thresholds, with what the data suggests and why. */
export function ValueSettings({
  settings: given,
  version,
  onClose,
}: {
  settings: ValueSettingsView;
  version: number;
  onClose(): void;
}) {
  const t = useValueText();
  const words = useValueWords();
  const toasts = useToasts();
  const client = useQueryClient();
  const [settings, setSettings] = useState<ValueSettingsView>({ ...given, on: true });
  const { basis, months, thresholds } = settings;
  const found = useQuery({
    queryKey: [...valueKeys.all, 'suggestion', basis, months],
    queryFn: ({ signal }) => call(api.value.suggestion, { query: { basis, months }, signal }),
    retry: false,
  });
  const save = useMutation({
    mutationFn: () => call(api.value.save, { body: { settings, version } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      onClose();
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: valueKeys.all }),
  });
  const set = (patch: Partial<ValueSettingsView>) => setSettings({ ...settings, ...patch });
  const limit = (patch: Partial<ValueSettingsView['thresholds']>) => set({ thresholds: { ...thresholds, ...patch } });
  const { data } = found;
  const suggested = data?.thresholds;
  return (
    <Drawer
      open
      size={480}
      title={t('settings-title')}
      onClose={onClose}
      footer={
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
      }
    >
      <label className="xk-check">
        <input type="checkbox" checked={settings.on} onChange={({ target }) => set({ on: target.checked })} />
        {t('on')}
      </label>
      <Choice
        label={t('basis')}
        value={basis}
        options={[
          ['orders', t('basis-orders')],
          ['payments', t('basis-payments')],
        ]}
        onChange={(value) => set({ basis: value === 'payments' ? 'payments' : 'orders' })}
      />
      <Choice
        label={t('months')}
        value={String(months)}
        options={[...new Set([...MONTHS, months])].sort((a, b) => a - b).map((n) => [String(n), t('months-n', { n })])}
        onChange={(value) => set({ months: Number(value) })}
      />
      <Figure label={t('count')} value={thresholds.count} step={1} min={1} onChange={(count) => limit({ count })} />
      <Figure
        label={t('amount-from')}
        value={thresholds.amount}
        step={1000}
        min={0}
        onChange={(amount) => limit({ amount })}
      />
      <Figure label={t('years')} value={thresholds.years} step={0.5} min={0} onChange={(years) => limit({ years })} />
      <section className="xk-value-suggestion" aria-live="polite">
        <h3>{t('suggested')}</h3>
        {found.error && <p>{sentence(found.error)}</p>}
        {data && suggested && (
          <>
            <p>
              {t('suggest-why', {
                buyers: words.number(data.buyers),
                count: words.years(data.medianCount),
                amount: words.number(data.medianAmount),
                years: words.years(data.medianYears),
              })}
            </p>
            {data.fourFifths && (
              <p className="xk-muted">
                {t('suggest-top', {
                  share: words.percent(data.fourFifths.share),
                  amount: words.number(data.fourFifths.amount),
                })}
              </p>
            )}
            <Button onClick={() => set({ thresholds: suggested })}>{t('suggest-use')}</Button>
          </>
        )}
        {data && !suggested && <p>{t('suggest-few', { buyers: data.buyers, enough: data.enough })}</p>}
      </section>
    </Drawer>
  );
}

/** A number that may have decimals. */
function Figure({
  label,
  value,
  step,
  min,
  onChange,
}: {
  label: string;
  value: number;
  step: number;
  min: number;
  onChange(value: number): void;
}) {
  const id = useId();
  return (
    <Row id={id} label={label}>
      <input
        id={id}
        type="number"
        className="xk-plain-input"
        min={min}
        step={step}
        value={value}
        onChange={({ target }) => onChange(Math.max(min, target.valueAsNumber || 0))}
      />
    </Row>
  );
}
