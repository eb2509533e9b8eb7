import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { AskingSettings as Settings } from '../../../contract/asking.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { LetterPreview } from './ask-letter.tsx';
import { useAskingSettingsText } from './settings-texts.ts';
import './asking.css';

const queryKey = ['asking-settings'];

/** How answers are treated, terms, consent, letters and greetings. */
export function AskingSettings() {
  const t = useAskingSettingsText();
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.asking.settings, { signal }) });
  return <Card title={t('title')}>{data ? <SettingsForm stored={data} /> : <Skeleton lines={6} />}</Card>;
}

function SettingsForm({ stored }: { stored: Settings }) {
  const t = useAskingSettingsText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const client = useQueryClient();
  const [form, setForm] = useState(stored);
  const [chosen, setChosen] = useState(stored.templates[0]?.id ?? '');
  const change = (patch: Partial<Settings>) => setForm((old) => ({ ...old, ...patch }));
  const save = useMutation({
    mutationFn: () => call(api.asking.saveSettings, { body: form }),
    onSuccess: (saved) => {
      client.setQueryData(queryKey, saved);
      toasts.success(t('saved'));
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const template = form.templates.find((one) => one.id === chosen);
  const edit = (part: 'subject' | 'body', text: string) =>
    change({
      templates: form.templates.map((one) =>
        one.id === chosen ? { ...one, [part]: { ...one[part], [lang]: text } } : one,
      ),
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="xk-ask-row">
        <label>
          {t('answers')}
          <select
            className="xk-plain-input"
            value={form.answers}
            onChange={(event) => change({ answers: event.target.value === 'hold' ? 'hold' : 'apply' })}
          >
            <option value="apply">{t('answers-apply')}</option>
            <option value="hold">{t('answers-hold')}</option>
          </select>
        </label>
        <label>
          {t('expire-days')}
          <input
            className="xk-plain-input"
            type="number"
            min={1}
            max={90}
            required
            value={form.expireDays}
            onChange={(event) => change({ expireDays: Number(event.target.value) })}
          />
        </label>
        <label>
          {t('remind-days')}
          <input
            className="xk-plain-input"
            type="number"
            min={0}
            max={60}
            required
            value={form.remindDays}
            onChange={(event) => change({ remindDays: Number(event.target.value) })}
          />
        </label>
      </div>
      <p className="xk-muted">{t('answers-hint')}</p>
      <label className="xk-ask-line">
        {t('consent')}
        <textarea
          className="xk-plain-input"
          rows={3}
          required
          value={form.consent[lang]}
          onChange={(event) => change({ consent: { ...form.consent, [lang]: event.target.value } })}
        />
      </label>
      <p className="xk-muted">{t('language-hint')}</p>
      <div className="xk-ask-row">
        <label>
          {t('template')}
          <select className="xk-plain-input" value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {form.templates.map((one) => (
              <option key={one.id} value={one.id}>
                {label(one.label)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {template && (
        <>
          <label className="xk-ask-line">
            {t('subject')}
            <input
              className="xk-plain-input"
              required
              maxLength={200}
              value={template.subject[lang]}
              onChange={(event) => edit('subject', event.target.value)}
            />
          </label>
          <label className="xk-ask-line">
            {t('body')}
            <textarea
              className="xk-plain-input"
              rows={8}
              required
              maxLength={4000}
              value={template.body[lang]}
              onChange={(event) => edit('body', event.target.value)}
            />
          </label>
          <LetterPreview subject={template.subject[lang]} body={template.body[lang]} lang={lang} />
        </>
      )}
      <div className="xk-made-done">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {words('save')}
        </Button>
      </div>
    </form>
  );
}
