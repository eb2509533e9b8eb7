import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ExportSettings } from '../../../contract/exports.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useExportText } from './texts.ts';
import './exports.css';

const KEY = ['exports', 'settings'] as const;
const CELLS = ['notes', 'all', 'off'] as const;

/** How files are marked, and how long approved ones last. */
export function ExportSettingsForm() {
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call(api.exports.settings, { signal }),
    staleTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={5} />;
  return <Form key={JSON.stringify(data)} settings={data} />;
}

function Form({ settings }: { settings: ExportSettings }) {
  const t = useExportText();
  const toasts = useToasts();
  const client = useQueryClient();
  const id = useId();
  const [draft, setDraft] = useState(settings);
  const save = useMutation({
    mutationFn: () => call(api.exports.saveSettings, { body: draft }),
    onSuccess: () => toasts.success(t('saved')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <section className="xk-card">
      <form
        className="xk-export-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p>
          <label className="xk-check">
            <input
              type="checkbox"
              checked={draft.visible}
              onChange={({ target }) => setDraft({ ...draft, visible: target.checked })}
            />
            {t('visible')}
          </label>
        </p>
        <fieldset className="xk-form-row">
          <legend>{t('cells')}</legend>
          {CELLS.map((one) => (
            <label key={one} className="xk-check">
              <input
                type="radio"
                name={id}
                checked={draft.cells === one}
                onChange={() => setDraft({ ...draft, cells: one })}
              />
              {t(`cells-${one}`)}
            </label>
          ))}
          <small className="xk-muted">{t('cells-hint')}</small>
        </fieldset>
        <div className="xk-form-row">
          <label htmlFor={`${id}h`}>{t('hours')}</label>
          <input
            id={`${id}h`}
            type="number"
            className="xk-plain-input xk-small-input"
            min={1}
            max={720}
            value={draft.hours}
            onChange={({ target }) =>
              setDraft({ ...draft, hours: Math.max(1, Math.min(720, Math.round(target.valueAsNumber || 1))) })
            }
          />
          <small className="xk-muted">{t('hours-hint')}</small>
        </div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('save')}
        </Button>
      </form>
    </section>
  );
}
