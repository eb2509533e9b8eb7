import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { OwnershipSettings } from '../../../contract/ownership.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useNoun } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { HowShared } from './how-shared.tsx';
import { PeopleBoxes } from './people-boxes.tsx';
import { useOwnershipText } from './texts.ts';
import './ownership.css';

/** Protection of claims, limits, and who gets new records. */
export function OwnershipRules() {
  const t = useOwnershipText();
  const { data, error, refetch } = useQuery({
    queryKey: ['ownership', 'settings'],
    queryFn: ({ signal }) => call(api.ownership.settings, { signal }),
    staleTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  return (
    <section className="xk-card" aria-label={t('settings')}>
      <RulesForm key={JSON.stringify(data)} settings={data} />
    </section>
  );
}

function RulesForm({ settings }: { settings: OwnershipSettings }) {
  const t = useOwnershipText();
  const noun = useNoun();
  const toasts = useToasts();
  const client = useQueryClient();
  const objects = useCatalog().objects.filter(({ owner, retired }) => owner && !retired);
  const [draft, setDraft] = useState(settings);
  const set = (patch: Partial<OwnershipSettings>) => setDraft({ ...draft, ...patch });
  const save = useMutation({
    mutationFn: () => call(api.ownership.saveSettings, { body: draft }),
    onSuccess: () => toasts.success(t('saved')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: ['ownership', 'settings'] }),
  });
  const put = (place: number, patch: Partial<Rule>) =>
    set({ rules: draft.rules.map((rule, n) => (n === place ? { ...rule, ...patch } : rule)) });
  return (
    <form
      className="xk-own-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Days
        label={t('protect')}
        hint={t('protect-hint')}
        most={730}
        value={draft.protectDays}
        onChange={(protectDays) => set({ protectDays })}
      />
      <Days
        label={t('most')}
        hint={t('most-hint')}
        most={100_000}
        value={draft.mostClaims}
        onChange={(mostClaims) => set({ mostClaims })}
      />
      <Days
        label={t('checks')}
        most={10_000}
        value={draft.checksPerDay}
        onChange={(checksPerDay) => set({ checksPerDay })}
      />
      <h2 style={{ fontSize: 14 }}>{t('rules')}</h2>
      <p className="xk-muted">{t('rules-hint')}</p>
      {draft.rules.map((rule, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rules are known by their place
        <fieldset key={place} className="xk-own-rule">
          <label className="xk-form-row" style={{ margin: 0 }}>
            <span>{t('rule-object')}</span>
            <select
              className="xk-plain-input"
              value={rule.object}
              onChange={({ target }) => put(place, { object: target.value })}
            >
              {objects.map(({ name, plural }) => (
                <option key={name} value={name}>
                  {noun(plural)}
                </option>
              ))}
            </select>
          </label>
          <PeopleBoxes legend={t('rule-people')} chosen={rule.to} onChange={(to) => put(place, { to })} />
          <HowShared ways={WAYS} by={rule.by} territories={rule.territories} onChange={(next) => put(place, next)} />
          <Button
            size="small"
            danger
            type="text"
            onClick={() => set({ rules: draft.rules.filter((_, n) => n !== place) })}
          >
            {t('rule-remove')}
          </Button>
        </fieldset>
      ))}
      <p>
        <Button
          size="small"
          onClick={() =>
            set({
              rules: [
                ...draft.rules,
                { object: objects[0]?.name ?? 'customer', to: [], by: 'load', territories: false },
              ],
            })
          }
        >
          {t('rule-add')}
        </Button>
      </p>
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('save')}
      </Button>
    </form>
  );
}

const WAYS = ['turns', 'load', 'even'] as const;
type Rule = OwnershipSettings['rules'][number];

function Days({
  label,
  hint,
  most,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  most: number;
  value: number;
  onChange(next: number): void;
}) {
  const id = useId();
  return (
    <div className="xk-form-row">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        className="xk-plain-input xk-small-input"
        min={0}
        max={most}
        value={value}
        onChange={({ target }) => onChange(Math.max(0, Math.min(most, Math.round(target.valueAsNumber || 0))))}
      />
      {hint && <small className="xk-muted">{hint}</small>}
    </div>
  );
}
