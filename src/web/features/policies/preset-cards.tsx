import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { catalogQuery, keys } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { often, type Preset, type PresetLine, presetLines } from './policy-words.ts';
import { usePolicyText } from './texts.ts';
import './policies.css';

/** Fits everyone: it follows how fast values really change. Who is unsure should take it, so it comes first. */
const recommended = 'balanced';
const recommendedFirst = (presets: Preset[]): Preset[] =>
  [...presets].sort((a, b) => Number(b.id === recommended) - Number(a.id === recommended));

/** Scenarios as cards that say in plain words how often what is checked. One press puts it in force. */
export function PresetCards({ onApplied }: { onApplied: () => void }) {
  const t = usePolicyText();
  const label = useLabel();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const { data: catalog } = useQuery(catalogQuery);
  const { data } = useQuery({
    queryKey: [...keys.policies, 'presets'],
    queryFn: ({ signal }) => call(api.freshness.presets, { signal }),
  });
  const [applying, setApplying] = useState<string | null>(null);
  const apply = useMutation({
    mutationFn: (preset: Preset) => call(api.freshness.applyPreset, { params: { id: preset.id } }),
    onMutate: (preset) => setApplying(preset.id),
    onSuccess: async (_, preset) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.policies }),
        queryClient.invalidateQueries({ queryKey: keys.session }),
      ]);
      toasts.success(t('applied', { name: label(preset.label) }));
      onApplied();
    },
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => setApplying(null),
  });
  if (!data || !catalog) return <Skeleton lines={8} />;
  return (
    <ul className="xk-presets">
      {recommendedFirst(data.presets).map((preset) => {
        const now = preset.id === data.current;
        return (
          <li key={preset.id} className={`xk-preset${now ? ' xk-preset-now' : ''}`}>
            <h2 id={`preset-${preset.id}`}>
              {label(preset.label)} {preset.id === recommended && <Badge tone="brand">{t('recommended')}</Badge>}
            </h2>
            <p className="xk-muted">{label(preset.description)}</p>
            <ul>
              {presetLines(preset.policies, catalog)
                .slice(0, 4)
                .map((line) => (
                  <Line key={`${line.days}${line.segment?.zh ?? ''}`} line={line} />
                ))}
            </ul>
            <Button
              type={now ? 'default' : 'primary'}
              ghost={!now}
              aria-describedby={`preset-${preset.id}`}
              loading={applying === preset.id}
              disabled={applying !== null && applying !== preset.id}
              onClick={() => (now ? onApplied() : apply.mutate(preset))}
            >
              {t(now ? 'scenario-now' : 'scenario-use')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function Line({ line }: { line: PresetLine }) {
  const t = usePolicyText();
  const label = useLabel();
  const lang = useLang();
  const names = line.fields.map((field) => label(field));
  const comma = lang === 'zh' ? '、' : ', ';
  const shown = names.slice(0, 3).join(comma);
  const how = line.days === null ? null : often(line.days);
  return (
    <li>
      <strong>{how === null ? t('learned') : 'n' in how ? t(how.text, { n: how.n }) : t(how.text)}</strong>
      <span>
        {line.segment && <em>{label(line.segment)} · </em>}
        {names.length > 3 ? t('and-more', { fields: shown, n: names.length }) : shown}
      </span>
    </li>
  );
}
